using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Tft.Contract.Problems;
using Tft.Contract.Servers;
using Tft.Dashboard.Pages;
using Tft.Dashboard.Text;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Pages;

[Trait("Ring", "component")]
public sealed class WhyPanelTests : DashboardContext
{
    private const string Newcomer = "ppnew0001";

    internal override FakeFleet Fleet
    {
        get
        {
            var fleet = FakeFleet.Of(6);
            fleet.Add(new(Newcomer, ServerProfile.Generic) { IsFallback = true });
            return fleet;
        }
    }

    private IRenderedComponent<ServerPage> OpenWhy(string query)
    {
        var page = Open<ServerPage>($"/server?{query}");
        page.WaitForState(() => !page.Markup.Contains(Strings.Loading, StringComparison.Ordinal) && !page.Markup.Contains(Strings.Explaining, StringComparison.Ordinal), Eventually.Timeout);
        return page;
    }

    private int Asked => Service.Requests.Where(r => r.Key.StartsWith("/explain/", StringComparison.Ordinal)).Sum(r => r.Value);

    private static string[] Labels(IRenderedComponent<ServerPage> page, string caption) =>
        [.. page.FindAll("table").Single(t => t.QuerySelector("caption")?.TextContent == caption).QuerySelectorAll("tbody tr").Select(r => string.Concat(r.Children.Select(c => c.TextContent.Trim())))];

    [Fact]
    public void Why_AllMetrics_WeightsAreSortedNamedAndShares()
    {
        var page = OpenWhy("name=ppdb0001&tab=why&metric=all");

        Assert.Equal(["its level50 %", "what the other metrics say30 %", "how far from usual it was20 %"], Labels(page, "Selection weights of the past"));
        Assert.Equal(["what the base expects, median75 %", "an input of tomorrow25 %"], Labels(page, "Selection weights of what is known ahead"));
        Assert.Equal(["100%", "60%", "40%"], page.FindAll("table").First(t => t.QuerySelector("caption")?.TextContent == "Selection weights of the past").QuerySelectorAll("i").Select(i => i.GetAttribute("style")!["width:".Length..]));
    }

    [Fact]
    public void Why_Lead_LooksAtItsOwnStepsInTheZone()
    {
        var page = OpenWhy("name=ppdb0001&tab=why&metric=all&lead=60");

        Assert.Contains("For 09:00 (1 h ahead) the networks look 90 % at the past 8 h and 10 % at the steps on the way; most at 08:00 (10 %).", page.Find(".tft-attention svg").GetAttribute("aria-label"), StringComparison.Ordinal);
        var hours = Labels(page, "Attention by hour");
        Assert.Equal(9, hours.Length);
        Assert.StartsWith("00:00–01:00", hours[0], StringComparison.Ordinal);
        Assert.Equal("08:00–09:00 ahead10 %", hours[^1]);
    }

    [Fact]
    public void Why_CpuUsed_IsReadFromIdleWithTheSignTurned()
    {
        var page = OpenWhy("name=ppdb0001&tab=why&metric=cpu_used_pct");

        Assert.Equal(["Load average+0.40", "Memory used-0.10"], Labels(page, "Weights of other metrics"));
        Assert.Single(page.FindAll(".tft-why-cards .tft-hollow"));
    }

    [Fact]
    public void Why_MetricOfTheRules_SaysSoAndShowsTheMean()
    {
        var page = OpenWhy("name=ppdb0001&tab=why&metric=uptime_days");

        Assert.Contains("Uptime is carried on by the fallback's rules", page.Markup, StringComparison.Ordinal);
        Assert.Equal(3, Labels(page, "Selection weights of the past").Length);
    }

    [Fact]
    public async Task Why_MetricAndLead_GoIntoTheUrl()
    {
        var page = OpenWhy("name=ppdb0001&tab=why&metric=all");

        await ChangeAsync(page, "#why-metric", "mem_used_pct");
        await ChangeAsync(page, "#why-lead", "30");

        await AddressEndsAsync("/server?name=ppdb0001&metric=mem_used_pct&tab=why&lead=30");
    }

    [Fact]
    public void Why_ServerOnTheFallback_SaysWhyAndSinceWhen()
    {
        var page = OpenWhy($"name={Newcomer}&tab=why");

        Assert.Contains(Strings.NothingToExplain, page.Markup, StringComparison.Ordinal);
        Assert.Contains("is forecast by the fallback (warming_up).", page.Markup, StringComparison.Ordinal);
        Assert.Contains(Strings.WhyFallback("warming_up"), page.Markup, StringComparison.Ordinal);
        Assert.Contains("since 2026-03-02 06:00:00 at least", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("#range, #before"));
    }

    [Fact]
    public void Charts_AskForNoExplanation()
    {
        OpenWhy("name=ppdb0001");

        Assert.Equal(0, Asked);
    }

    [Fact]
    public async Task Why_IsAskedOnceForABucket()
    {
        var page = OpenWhy("name=ppdb0001&tab=why");
        Assert.Equal(1, Asked);
        // when the second snapshot is fetched, all that the first led to has been asked
        for (var snapshot = 0; snapshot < 2; snapshot++)
        {
            var fetched = Service.Requests["/predict/ppdb0001"];
            Service.Publish();
            await Eventually.True(() => Service.Requests["/predict/ppdb0001"] > fetched);
        }

        Assert.Equal(1, Asked);

        Service.Fleet.Origin = Service.Fleet.Origin.AddMinutes(5);
        Service.Publish();
        page.WaitForState(() => Asked == 2 && page.Markup.Contains("at 08:05", StringComparison.Ordinal), Eventually.Timeout);
    }

    [Fact]
    public void Why_WindowHasMoved_AsksTheNextSnapshotAgain()
    {
        Service.ExplainsNothing = ProblemCodes.NotExplained;
        var page = OpenWhy("name=ppdb0001&tab=why");
        Assert.Contains(Strings.NotExplainedNow, page.Markup, StringComparison.Ordinal);

        Service.ExplainsNothing = null;
        Service.Publish();

        page.WaitForState(() => page.FindAll(".tft-attention").Count == 1, Eventually.Timeout);
    }

    [Fact]
    public void Export_Explanation_EveryWeightIsARow()
    {
        var explanation = FakeExplanation.Of("ppdb0001", Service.Fleet.Origin, 1);
        var lines = Tft.Dashboard.Export.ExplanationCsv.Of(explanation).ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(1 + 5 + 8 + (3 * 192), lines.Length);
        Assert.Contains("ppdb0001,tft_model_20251017_122454,other_metric,cpu_idle_pct,load_average,,,-0.4", lines);
        Assert.Contains("ppdb0001,tft_model_20251017_122454,attention,,,60,2026-03-02T09:00:00Z,0.1", lines);
    }
}
