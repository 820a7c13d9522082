using Bunit;
using Tft.Dashboard.Charts;
using Tft.Dashboard.Controls;
using Tft.Dashboard.Pages;
using Tft.Dashboard.Text;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Pages;

[Trait("Ring", "component")]
public sealed class ServerPageTests : DashboardContext
{
    // The fourth of every ten runs out of memory.
    private const string AtRisk = "ppcon0001";

    [Fact]
    public void Render_Server_AChartForEveryMetric()
    {
        var page = OpenLoaded<ServerPage>($"/server?name={AtRisk}");

        Assert.Equal(15, page.FindAll(".tft-multiples figure").Count);
        Assert.Single(page.FindAll(".tft-chart-large"));
        Assert.All(page.FindAll("figure"), f => Assert.StartsWith("M", f.QuerySelector(".band")!.GetAttribute("d"), StringComparison.Ordinal));
    }

    [Fact]
    public void Render_ServerAtRisk_OpensWithTheMetricOfTheRisk()
    {
        var large = OpenLoaded<ServerPage>($"/server?name={AtRisk}").Find(".tft-chart-large");

        Assert.Contains("Memory used", large.QuerySelector("figcaption")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(3, large.QuerySelectorAll("line.threshold").Length);
        Assert.NotEmpty(large.QuerySelectorAll(".crossing"));
        Assert.Contains("95 % by p90 at", large.QuerySelector("svg")!.GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Single(large.QuerySelectorAll(".tft-plot .now"));
    }

    [Fact]
    public void Url_MetricAndRange_AreWhatIsShown()
    {
        var chart = OpenLoaded<ServerPage>($"/server?name={AtRisk}&metric=load_average&hours=3").FindComponents<BandChart>().Single(c => c.Instance.Large).Instance;

        Assert.Equal("load_average", chart.Series.Key);
        Assert.Equal(TimeSpan.FromHours(3), chart.Now - chart.From);
    }

    [Fact]
    public void Render_NewcomerWithoutHistory_ShowsOneHourOfThePast()
    {
        Service.HasHistory = false;

        var page = OpenLoaded<ServerPage>($"/server?name={AtRisk}");

        var chart = page.FindComponents<BandChart>().Single(c => c.Instance.Large).Instance;
        Assert.Equal(TimeSpan.FromHours(1), chart.Now - chart.From);
        Assert.Contains(Strings.NoHistory, page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metric=no_such_metric")]
    [InlineData("hours=-5")]
    [InlineData("hours=abc")]
    [InlineData("tab=%3Cscript%3E")]
    public void Url_Nonsense_IsTheDefault(string query)
    {
        var chart = OpenLoaded<ServerPage>($"/server?name={AtRisk}&{query}").FindComponents<BandChart>().Single(c => c.Instance.Large).Instance;

        Assert.Equal(("mem_used_pct", TimeSpan.FromHours(12)), (chart.Series.Key, chart.Now - chart.From));
    }

    [Fact]
    public async Task SelectRange_GoesIntoTheUrl()
    {
        var page = OpenLoaded<ServerPage>($"/server?name={AtRisk}&metric=load_average");

        await ChangeAsync(page, "#range", "24");

        await AddressEndsAsync($"/server?name={AtRisk}&metric=load_average&hours=24");
    }

    // The page's clock is the machine's: times of the fake are absolute.
    [Fact]
    public async Task Range_PartOfPastAndAhead_IsWhatChartsAndTableShow()
    {
        const string Range = "&from=2026-03-02T07:00:00Z&to=2026-03-02T09:30:00Z";
        var page = OpenLoaded<ServerPage>($"/server?name={AtRisk}{Range}");

        Assert.All(page.FindComponents<BandChart>(), c => Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromMinutes(90)), (c.Instance.Now - c.Instance.From, c.Instance.To - c.Instance.Now)));
        Assert.Equal($"/server?name={AtRisk}", page.Find("#zoom-out").GetAttribute("href"));
        Assert.Equal($"/server?name={AtRisk}", page.Find(".tft-chart-large .tft-plot").GetAttribute("data-zoom"));
        Assert.Equal($"/remediation?q={AtRisk}", page.Find(".tft-chart-more a:nth-child(2)").GetAttribute("href"));
        Assert.Contains("from=2026-03-02T07%3A00%3A00Z&to=2026-03-02T08%3A00%3A00Z", page.Find(".tft-chart-more a:last-child").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Contains("&from=2026-03-02T07%3A00%3A00Z&to=", page.Find("[data-metric=load_average]").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal(18 + 13, OpenLoaded<ServerPage>($"/server?name={AtRisk}&tab=table{Range}").FindComponent<StepTable>().FindAll("tbody tr").Count);

        // another length of the past is another range
        await ChangeAsync(OpenLoaded<ServerPage>($"/server?name={AtRisk}{Range}"), "#range", "24");
        await AddressEndsAsync($"/server?name={AtRisk}&hours=24");
    }

    [Theory]
    [InlineData("from=2026-02-01T00:00:00Z&to=2026-02-02T00:00:00Z", true)]
    [InlineData("from=2026-03-02T08:00:00Z&to=2026-03-02T08:05:00Z", true)]
    [InlineData("from=2026-03-02T09:00:00Z&to=2026-03-02T08:00:00Z", false)]
    [InlineData("from=%3Cscript%3E&to=now", false)]
    public void Range_OfNothingThatIsKnownHere_IsTheWholeAndSaidWhereItIs(string range, bool said)
    {
        var page = OpenLoaded<ServerPage>($"/server?name={AtRisk}&{range}");

        Assert.Equal(TimeSpan.FromHours(12), page.FindComponents<BandChart>().Single(c => c.Instance.Large).Instance is var chart ? chart.Now - chart.From : default);
        Assert.Empty(page.FindAll("#zoom-out"));
        Assert.Equal(said, page.Markup.Contains(Strings.RangeOutside, StringComparison.Ordinal));
    }

    [Fact]
    public void Table_EveryStepOfTheHorizonAndThePast()
    {
        var page = OpenLoaded<ServerPage>($"/server?name={AtRisk}&tab=table&hours=3");

        var rows = page.FindComponent<StepTable>().FindAll("tbody tr");
        Assert.Equal(96 + 37, rows.Count);
        Assert.Empty(page.FindAll("figure"));
    }

    [Fact]
    public async Task PastForecasts_OnTheLargeChartAndInTheTable()
    {
        var page = OpenLoaded<ServerPage>($"/server?name={AtRisk}");
        Assert.Single(page.FindAll("path.before"));
        Assert.Contains("what had been forecast for then, 8 h before", page.Find(".tft-chart-legend").TextContent, StringComparison.Ordinal);

        await ChangeAsync(page, "#before", "none");

        await AddressEndsAsync($"/server?name={AtRisk}&before=none");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("path.before")), Eventually.Timeout);
        var table = OpenLoaded<ServerPage>($"/server?name={AtRisk}&tab=table").FindComponent<StepTable>();
        Assert.Equal(9, table.FindAll("thead th").Count);
        Assert.All(table.FindAll("tbody tr"), r => Assert.Equal(9, r.Children.Length));
    }

    [Fact]
    public void Render_LargeChart_SaysHowFarItCanBeBelieved()
    {
        var quality = OpenLoaded<ServerPage>($"/server?name={AtRisk}&metric=load_average").Find(".tft-chart-large .tft-quality").TextContent;

        Assert.Contains("coverage 81 % of 80 %, skill +23 % against seasonal naive, 4,032 outcomes in 7 days", quality, StringComparison.Ordinal);
        Assert.Contains("by tft_model_20251017_122454, networks trusted 90 %", quality, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_UnknownServer_SaysSo() => Assert.Contains(Strings.UnknownServer, OpenLoaded<ServerPage>("/server?name=nobody").Markup, StringComparison.Ordinal);

    [Fact]
    public void Render_ServiceDown_SaysSo()
    {
        Service.IsDown = true;

        var page = OpenLoaded<ServerPage>($"/server?name={AtRisk}");

        page.WaitForAssertion(() => Assert.Contains(Strings.NotConnected, page.Markup, StringComparison.Ordinal));
    }
}
