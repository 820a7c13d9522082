using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Tft.Dashboard.Export;
using Tft.Dashboard.Pages;
using Tft.Dashboard.Text;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Pages;

[Trait("Ring", "component")]
public sealed class ModelsPageTests : DashboardContext
{
    private FakeModels Models => Service.Models;

    private static string Text(AngleSharp.Dom.IElement element) => string.Join(' ', element.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Models_EachHasItsStateScoreAndVerdict()
    {
        var rows = OpenLoaded<ModelsPage>("/models").FindAll(".tft-models tbody tr");

        Assert.Equal(["✓serves", "●not promoted", "▲refused", "○ready"], rows.Select(r => Text(r.QuerySelector(".tft-level")!)));
        Assert.Equal(["0.460", "1.040", "–", "–"], rows.Select(r => Text(r.Children[3])));
        Assert.Contains("not ahead of seasonal naive", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Equal(["config.json is missing", "server_mapping.json: it is null."], rows[2].QuerySelectorAll("li").Select(l => l.TextContent));
        Assert.Empty(rows[2].QuerySelectorAll("button, .tft-link-button"));
    }

    [Fact]
    public void Scores_ByLead_BesideTheBaseAndSeasonalNaive()
    {
        var page = OpenLoaded<ModelsPage>($"/models?model={FakeModels.NotBetter}");

        Assert.Equal(FakeModels.NotBetter, page.Find("#scores-title").TextContent);
        var rows = page.FindAll(".tft-leads tbody tr").Select(Text).ToList();
        Assert.Equal(3, rows.Count);
        Assert.StartsWith("30 min 0.520 0.300 -73 % 74 %", rows[0], StringComparison.Ordinal);
        Assert.Equal(2, page.FindAll(".tft-leads .tft-measure.tft-warning").Count);
    }

    [Fact]
    public void Scores_OfAModelThatWasNeverTested_SaySo() =>
        Assert.Contains("no part left to test it on", OpenLoaded<ModelsPage>($"/models?model={FakeModels.Older}").Markup, StringComparison.Ordinal);

    [Fact]
    public async Task Activate_Confirmed_IsDoneAndSaid()
    {
        var page = OpenLoaded<ModelsPage>("/models");
        await ClickAsync(page, $"[aria-label='Activate {FakeModels.NotBetter}']");
        page.WaitForAssertion(() => Assert.Contains("not promoted", page.Find("#confirm-dialog").TextContent, StringComparison.Ordinal), Eventually.Timeout);
        Assert.Equal(FakeModels.Serving, Models.Models.Active);

        await ClickAsync(page, "#confirm-yes");

        page.WaitForState(() => page.FindAll("#confirm-dialog").Count == 0, Eventually.Timeout);
        Assert.Equal(FakeModels.NotBetter, Models.Models.Active);
        Assert.Contains($"{FakeModels.NotBetter} serves now.", page.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.Equal($"Roll back to {FakeModels.Serving}", page.Find("#roll-back").TextContent);
    }

    [Fact]
    public async Task Activate_NotConfirmed_ChangesNothing()
    {
        var page = OpenLoaded<ModelsPage>("/models");
        await ClickAsync(page, $"[aria-label='Activate {FakeModels.Older}']");

        await ClickAsync(page, "#confirm-no");

        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#confirm-dialog")), Eventually.Timeout);
        Assert.Equal(FakeModels.Serving, Models.Models.Active);
    }

    [Fact]
    public async Task RollBack_IsToWhatServedBefore()
    {
        var page = OpenLoaded<ModelsPage>("/models");

        await ClickAsync(page, "#roll-back");
        await ClickAsync(page, "#confirm-yes");

        await Eventually.True(() => Models.Models.Active == FakeModels.Older);
    }

    [Fact]
    public async Task Activate_Refused_SaysTheServicesWords()
    {
        Models.Refusal = "config.json: networks is 0. What served before serves on.";
        var page = OpenLoaded<ModelsPage>("/models");
        await ClickAsync(page, $"[aria-label='Activate {FakeModels.Older}']");

        await ClickAsync(page, "#confirm-yes");

        page.WaitForState(() => page.FindAll("[role=alert]").Any(a => a.TextContent.Contains("networks is 0. What served before serves on.", StringComparison.Ordinal)), Eventually.Timeout);
    }

    [Theory]
    [InlineData("/models")]
    [InlineData("/models?tab=train")]
    public void WithoutTheScopeAdmin_SaysWhatIsNeeded(string address)
    {
        Models.NeedsAdmin = true;

        var page = OpenLoaded<ModelsPage>(address);

        Assert.Contains(Strings.NeedsAdmin, page.Markup, StringComparison.Ordinal);
        Assert.Contains("This key has the scopes read; /admin/", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("table, form"));
    }

    [Fact]
    public void Quality_NeedsNoAdmin_WorstMetricFirst()
    {
        Models.NeedsAdmin = true;

        var page = OpenLoaded<ModelsPage>("/models?tab=quality");

        Assert.Equal(["Load average", "Disk used", "Memory used", "Uptime"], page.FindAll(".tft-leads tbody th").Select(t => t.TextContent));
        Assert.Equal(["◆worse than yesterday’s value", "●bands wider than needed", "○holds"], page.FindAll(".tft-leads .tft-level").Select(Text));
        Assert.Equal("8 by networks; 2 by networks, trusted by less than half; 2 by fallback, better here", page.FindAll(".tft-series")[0].GetAttribute("title"));
        Assert.Contains("9 of 12", page.Find(".tft-kpis").TextContent, StringComparison.Ordinal);
        Assert.Contains("fallback: short window 2, fallback better 1", page.Find(".tft-kpis").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Quality_ByDay_AsChartAndTable()
    {
        var page = OpenLoaded<ModelsPage>("/models?tab=quality");

        Assert.Equal("Coverage: Thu 26 Feb 74 %, Fri 27 Feb 76 %, Sat 28 Feb 78 %, Sun 1 Mar 80 %, Mon 2 Mar 82 %", page.FindAll(".tft-days svg")[0].GetAttribute("aria-label"));
        Assert.Equal(5, page.FindAll("figure")[0].QuerySelectorAll(".tft-dot").Length);
        Assert.Equal(7, page.FindAll(".tft-days tbody tr").Count);
        Assert.Equal(["Mon 2 Mar", "600", "82 %", "+26 %"], page.FindAll(".tft-days tbody tr")[0].Children.Select(Text));
    }

    [Fact]
    public void Quality_NothingComparedYet_SaysWhen()
    {
        Models.Quality = Models.Quality with { Compared = 0, Overall = new(0, null, null) };

        var page = OpenLoaded<ModelsPage>("/models?tab=quality");

        Assert.Contains(Strings.NoQuality, page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".tft-days"));
        Assert.Equal(4, page.FindAll(".tft-series").Count);
    }

    [Fact]
    public async Task Tab_GoesIntoTheUrl()
    {
        var page = OpenLoaded<ModelsPage>($"/models?model={FakeModels.Older}");

        await page.InvokeAsync(() => page.Find("#models-tabs").TriggerEventAsync("ontabchange", new Microsoft.FluentUI.AspNetCore.Components.TabChangeEventArgs { ActiveId = "models-quality" }));

        page.WaitForState(() => page.FindAll(".tft-kpis").Count == 1, Eventually.Timeout);
        Assert.EndsWith($"/models?tab=quality&model={FakeModels.Older}", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void NoModelFolder_SaysWhatToDo()
    {
        Models.Models = new() { Active = null, Choice = "latest", Directory = "/models", Models = [] };

        var page = OpenLoaded<ModelsPage>("/models");

        Assert.Contains(Strings.NoModels, page.Markup, StringComparison.Ordinal);
        Assert.Contains("the fallback forecasts every server", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void ServiceAway_SaysSoAndKeepsWhatWasThere()
    {
        var page = OpenLoaded<ModelsPage>("/models");
        Service.IsDown = true;
        Store.Refresh();

        page.WaitForState(() => page.Markup.Contains(Strings.NotConnectedHint, StringComparison.Ordinal), Eventually.Timeout);
        Assert.Equal(4, page.FindAll(".tft-models tbody tr").Count);
    }

    [Fact]
    public void Export_Models_ARowForEachLead()
    {
        var lines = ModelCsv.Of(Models.Models).ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(1 + 3 + 3 + 1 + 1, lines.Length);
        Assert.Equal($"{FakeModels.Serving},true,true,true,ahead of seasonal naive,2026-03-01T06:00:00Z,history,90,2,16,2500,1,all,0.46,0.46,0.798,2.3,0.6,0.798", lines[3]);
    }

    [Fact]
    public void Export_Quality_MetricsLeadsAndDays() =>
        Assert.Equal(1 + (4 * 3) + 7, ModelCsv.Of(Models.Quality).ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
}
