using System.Text.Json;
using Bunit;
using Tft.Contract.Metrics;
using Tft.Dashboard.Docs;
using Tft.Dashboard.Export;
using Tft.Dashboard.Pages;
using Tft.Dashboard.Text;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Pages;

[Trait("Ring", "component")]
public sealed class DocsPageTests : DashboardContext
{
    private static string Text(AngleSharp.Dom.IElement element) => string.Join(' ', element.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Reading_ExplainsEveryPartOfTheChartThatItDraws()
    {
        var page = OpenLoaded<DocsPage>("/docs");

        var drawn = page.FindAll(".tft-chart figcaption ~ .tft-chart-legend li").Select(l => l.TextContent).ToList();
        var explained = page.FindAll("#chart .tft-explained .tft-chart-legend li").Select(l => l.TextContent).ToList();
        Assert.Equal(5, drawn.Count);
        Assert.Equal(drawn.Order(StringComparer.Ordinal), explained.Order(StringComparer.Ordinal));
        foreach (var part in new[] { "path.band", "path.measured", "path.median", "path.before" })
            Assert.True(page.Find($"#chart {part}").GetAttribute("d")!.Length > 200, part);
        Assert.Empty(page.FindAll(".tft-chart-quality"));
        Assert.Equal(["▲Critical", "◆Warning", "●Watch", "○Healthy"], page.FindAll("#risk .tft-level").Select(Text));
        Assert.Equal(["○holds", "○exact", "●bands too narrow", "●bands wider than needed", "◆worse than yesterday’s value"], page.FindAll("#promise .tft-level").Select(Text));
    }

    [Fact]
    public void Api_IsWhatTheServiceSays()
    {
        var rows = OpenLoaded<DocsPage>("/docs?tab=api").FindAll("tbody tr").Select(Text);
        Assert.Equal(["POST /feed Takes an array of records. feed", "GET /predict/{server} One server: all 96 steps. read", "DELETE /silences/{id} –"], rows);
    }

    [Fact]
    public void Metrics_EachHasUnitRangeMeaningAndThresholds()
    {
        var page = OpenLoaded<DocsPage>("/docs?tab=metrics");
        var rows = page.FindAll("tbody tr").ToDictionary(r => r.QuerySelector("code")!.TextContent, Text);

        Assert.Equal(MetricCatalog.All.Select(m => m.Name), rows.Keys);
        Assert.StartsWith("Memory used mem_used_pct % 0–100", rows["mem_used_pct"], StringComparison.Ordinal);
        Assert.Contains("database 95 · 97 · 99", page.FindAll("tbody .tft-block").Select(Text));
        Assert.Contains("85 · 90 · 95", page.FindAll("tbody .tft-block").Select(Text));
        Assert.EndsWith("used: 80 · 90 · 95", rows["cpu_idle_pct"], StringComparison.Ordinal);
        Assert.EndsWith("× 2 · 3 · 4 its own median", rows["load_average"], StringComparison.Ordinal);
        Assert.EndsWith("× 3 · 5 · 8 what its profile has", rows["back_close_wait"], StringComparison.Ordinal);
        Assert.EndsWith("–", rows["net_in_mb_s"], StringComparison.Ordinal);
        Assert.All(MetricCatalog.All, m => Assert.NotEmpty(MetricNotes.Of(m.Id)));
    }

    [Fact]
    public void ServiceAway_TablesSayItAndReadingStays()
    {
        Service.IsDown = true;
        Assert.Contains(Strings.NotConnectedEmpty, OpenLoaded<DocsPage>("/docs?tab=api").Markup, StringComparison.Ordinal);
        Assert.NotEmpty(OpenLoaded<DocsPage>("/docs").FindAll("#chart path.band"));
    }

    [Fact]
    public void ServiceBack_TableIsFilledWithoutAReload()
    {
        Service.IsDown = true;
        var page = OpenLoaded<DocsPage>("/docs?tab=metrics");
        Service.IsDown = false;
        Service.Publish();
        page.WaitForAssertion(() => Assert.Equal(MetricCatalog.Count, page.FindAll("tbody tr").Count), Eventually.Timeout);
    }

    [Fact]
    public void Server_Chart_LinksToHowToReadIt()
    {
        var page = OpenLoaded<ServerPage>("/server?name=ppcon0001");
        page.WaitForAssertion(() => Assert.Equal(["/docs#chart", "/remediation?q=ppcon0001", "/history?name=ppcon0001&metric=mem_used_pct"], page.FindAll(".tft-chart-more a").Select(a => a.GetAttribute("href"))), Eventually.Timeout);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"paths":[]}""")]
    [InlineData("""{"paths":{"/a":{"get":1}}}""")]
    public void Operations_OfADocumentThatIsNone_AreNone(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Empty(ApiOperation.AllOf(document));
    }

    [Fact]
    public void Csv_HasARowForEachMetricAndProfileWithItsOwn()
    {
        var lines = MetricCsv.Of(FakeDocs.Thresholds).ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(MetricCatalog.Count + 2, lines.Length);
        Assert.Contains("mem_used_pct,Memory used,%,0,100,mem_used_pct,database,,95,97,99,100", lines);
        Assert.Contains("net_in_mb_s,Network in,MB/s,0,,,,,,,,", lines);
    }
}
