using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Tft.Dashboard.Pages;
using Tft.Dashboard.Settings;
using Tft.Dashboard.Text;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Pages;

[Trait("Ring", "component")]
public sealed class HistoryPageTests : DashboardContext
{
    // The fake's data end here, and the page's clock is the machine's: ranges are absolute.
    private const string LastTwoDays = "&from=2026-02-28T08:00:00Z&to=2026-03-02T08:00:00Z";

    [Fact]
    public void NoServer_IsAskedFor_WithThoseAtRisk()
    {
        var page = Open<HistoryPage>("/history?lead=1h");
        page.WaitForAssertion(() => Assert.Equal(6, page.FindAll(".tft-picks a").Count), Eventually.Timeout);
        Assert.Equal("/history?name=ppcon0001&lead=1h", page.Find(".tft-picks a").GetAttribute("href"));
        Assert.Contains(Strings.ChooseServer, page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Range_IsDrawnWithBandMiddleErrorsAndFigures()
    {
        var page = OpenLoaded<HistoryPage>($"/history?name=ppml0001&metric=mem_used_pct{LastTwoDays}");

        Assert.Equal("Memory used", page.Find(".tft-chart-large .tft-chart-title").TextContent);
        foreach (var part in new[] { "path.band", "path.measured", "path.median" })
            Assert.True(page.Find($".tft-chart-large {part}").GetAttribute("d")!.Length > 1000, part);
        Assert.NotEmpty(page.Find(".tft-errors path.measured").GetAttribute("d")!);
        Assert.Equal(["measured", "p50, forecast 8 h before", "its p10 to p90: meant to hold 8 of 10"], page.FindAll(".tft-chart-legend li").Select(l => l.TextContent));
        var facts = page.Find(".tft-facts").TextContent;
        Assert.Contains("over 576 steps", facts, StringComparison.Ordinal);
        Assert.Contains("80 % meant", facts, StringComparison.Ordinal);
        Assert.Contains("Skill against it", facts, StringComparison.Ordinal);
        Assert.Contains("kept since 20 Feb 08:00", page.Find(".tft-toolbar").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Gap_BreaksTheLine()
    {
        // an hour was not measured, 589 steps before the end
        var path = Path("&from=2026-02-28T04:00:00Z&to=2026-02-28T10:00:00Z");
        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.Equal(1, Path("&from=2026-02-28T10:00:00Z&to=2026-02-28T16:00:00Z").Count(c => c == 'M'));

        string Path(string range) => OpenLoaded<HistoryPage>($"/history?name=ppml0001&metric=mem_used_pct{range}").Find(".tft-chart-large path.measured").GetAttribute("d")!;
    }

    [Fact]
    public void CpuUsed_IsReadFromIdle_AndItsBandTurnedOver()
    {
        var used = OpenLoaded<HistoryPage>($"/history?name=ppml0001{LastTwoDays}&tab=table");
        Assert.Equal("CPU used, every point of the range", used.Find("caption").TextContent);
        var points = Tft.Dashboard.Charts.BandSeries.PastOf(
            Fleet.Servers["ppml0001"].Past(new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero), Tft.Contract.Metrics.MetricCatalog.Find("cpu_idle_pct")!, "8h", new(2026, 3, 2, 7, 0, 0, TimeSpan.Zero), new(2026, 3, 2, 7, 59, 0, TimeSpan.Zero), 300),
            "cpu_used_pct", "8h");
        Assert.Equal(12, points.Measured.Length);
        Assert.All(points.Before!.P10.Zip(points.Before.P90), edges => Assert.True(edges.First < edges.Second));
        Assert.Equal(points.Measured[0] - points.Before.P50[0], points.Errors().Measured[0], 6);
    }

    [Fact]
    public void WeeksAgo_ForecastsNotKept_ShowsWhatWasMeasuredAndSaysSo()
    {
        var page = OpenLoaded<HistoryPage>("/history?name=ppml0001&metric=mem_used_pct&from=2026-02-21T00:00:00Z&to=2026-02-22T00:00:00Z");
        Assert.Contains(Strings.NothingForecast, page.Markup, StringComparison.Ordinal);
        Assert.NotEmpty(page.Find(".tft-chart-large path.measured").GetAttribute("d")!);
        Assert.Empty(page.FindAll(".tft-errors"));
        Assert.Equal(["measured"], page.FindAll(".tft-chart-legend li").Select(l => l.TextContent));
    }

    [Fact]
    public void BeforeAnythingWasKept_IsSaid() => Assert.Contains(
        Strings.NothingInRange, OpenLoaded<HistoryPage>("/history?name=ppml0001&from=2025-01-01T00:00:00Z&to=2025-01-02T00:00:00Z").Markup, StringComparison.Ordinal);

    [Fact]
    public void LongRange_IsMeansOfLongerPoints()
    {
        var page = OpenLoaded<HistoryPage>("/history?name=ppml0001&metric=mem_used_pct&from=2026-02-23T08:00:00Z&to=2026-03-02T08:00:00Z");
        Assert.Contains("means of 15 min", page.Find(".tft-chart-now").TextContent, StringComparison.Ordinal);
        Assert.InRange(page.Find(".tft-chart-large path.measured").GetAttribute("d")!.Split('L', 'M').Length - 1, 600, 680);
    }

    [Fact]
    public void UnknownServer_AndServiceAway_AreSaid()
    {
        Assert.Contains(Strings.UnknownServer, OpenLoaded<HistoryPage>("/history?name=nobody").Markup, StringComparison.Ordinal);
        Service.IsDown = true;
        Assert.Contains(Strings.NotConnectedEmpty, OpenLoaded<HistoryPage>("/history?name=ppml0001").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Stale_LastAnswer_StaysAndIsMarked()
    {
        var page = OpenLoaded<HistoryPage>("/history?name=ppml0001&metric=mem_used_pct");
        Service.IsDown = true;
        Service.Publish();
        page.WaitForAssertion(() => Assert.Contains(Strings.NotConnectedHint, page.Markup, StringComparison.Ordinal), Eventually.Timeout);
    }

    [Fact]
    public async Task Choices_AreAllInTheAddress()
    {
        var page = OpenLoaded<HistoryPage>("/history?name=ppml0001");
        await ChangeAsync(page, "#history-server", "PPDB0001");
        Assert.Equal("/history?name=ppdb0001", Address);
        await ChangeAsync(page, "#history-metric", "Load average");
        Assert.Equal("/history?name=ppdb0001&metric=load_average", Address);
        await ChangeAsync(page, "#history-metric", "no such metric");
        Assert.Equal("/history?name=ppdb0001&metric=load_average", Address);
        await ClickAsync(page, "#history-earlier");
        Assert.Contains("metric=load_average&from=20", Address, StringComparison.Ordinal);
        Assert.Contains("&to=20", Address, StringComparison.Ordinal);
        await ClickAsync(page, "#history-later");
        Assert.EndsWith("from=now-1440m", Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AbsoluteRange_IsTypedInTheBrowsersZone()
    {
        Services.GetRequiredService<UserState>().Set(UserSettings.Default with { BrowserZone = "Asia/Dubai" });
        var page = OpenLoaded<HistoryPage>($"/history?name=ppml0001{LastTwoDays}");
        Assert.Equal("2026-02-28T12:00", page.Find("#history-from").GetAttribute("value")![..16]);

        await ChangeAsync(page, "#history-from", "2026-03-02T10:00:00");
        await ChangeAsync(page, "#history-to", "2026-03-02T09:00:00");
        await ClickAsync(page, "#history-apply");
        Assert.Contains(Strings.BadRange, page.Markup, StringComparison.Ordinal);

        await ChangeAsync(page, "#history-to", "2026-03-02T12:00:00");
        await ClickAsync(page, "#history-apply");
        Assert.Equal("/history?name=ppml0001&from=2026-03-02T06%3A00%3A00Z&to=2026-03-02T08%3A00%3A00Z", Address);
    }

    [Fact]
    public void Files_AreTheDashboardsOwnAddresses()
    {
        var page = OpenLoaded<HistoryPage>($"/history?name=ppml0001&lead=1h{LastTwoDays}");
        var links = page.FindAll("a[download]").Select(a => a.GetAttribute("href")).ToList();
        Assert.Equal("/export/history?format=csv&name=ppml0001&metric=cpu_used_pct&from=2026-02-28T08%3A00%3A00Z&to=2026-03-02T08%3A00%3A00Z&lead=1h", links[0]);
        Assert.Contains("format=parquet", links[1], StringComparison.Ordinal);
    }

    private string Address => "/" + Services.GetRequiredService<NavigationManager>().ToBaseRelativePath(Services.GetRequiredService<NavigationManager>().Uri).ToString(CultureInfo.InvariantCulture);
}
