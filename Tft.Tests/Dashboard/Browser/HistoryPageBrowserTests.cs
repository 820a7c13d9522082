using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Tft.Tests.Dashboard.Browser;

/// <summary>The history as only a browser can show it: chart, pointer, fields, files.</summary>
[Trait("Ring", "service")]
[Collection(DashboardSite.Collection)]
public sealed class HistoryPageBrowserTests(DashboardSite site)
{
    private DateTimeOffset End => site.Service.Fleet.Origin;

    private string Days(int days) => $"&from={End.AddDays(-days).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&to={End.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}";

    [Fact]
    public async Task History_Chart_IsDrawnAndReadByThePointer()
    {
        await using var window = await site.OpenAsync($"/history?name=ppml0001&metric=mem_used_pct{Days(2)}");
        var plot = window.Page.Locator(".tft-chart-large .tft-plot");

        foreach (var part in new[] { ".band", ".measured", ".median" })
        {
            var part1 = await plot.Locator(part).BoundingBoxAsync();
            Assert.True(part1!.Width > 500 && part1.Height > 20, $"{part}: {part1.Width} x {part1.Height}");
        }

        var box = (await plot.BoundingBoxAsync())!;
        await window.Page.Mouse.MoveAsync(box.X + (box.Width * 0.9f), box.Y + 50);
        await Expect(window.Page.Locator(".tft-cross")).ToContainTextAsync("8 h before:");
        await Expect(window.Page.Locator(".tft-cross")).ToContainTextAsync("p90");
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task History_KeyAndFields_LeadToAServerAMetricAndARange()
    {
        await using var window = await site.OpenAsync("/");
        await Expect(window.Page.Locator(".tft-cell").First).ToBeVisibleAsync();
        await window.Page.Keyboard.PressAsync("y");
        await Expect(window.Page.Locator(".tft-picks a")).ToHaveCountAsync(6);

        // the page takes the focus to its heading when it is there, a round trip after it is drawn
        await Expect(window.Page.Locator("h1")).ToBeFocusedAsync();
        await window.Page.Keyboard.PressAsync("/");
        await window.Page.Keyboard.TypeAsync("ppweb0002");
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Page).ToHaveURLAsync(new Regex(@"/history\?name=ppweb0002$"));
        await window.Page.Locator("#history-metric").FillAsync("Load average");
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Page).ToHaveURLAsync(new Regex("metric=load_average$"));
        await window.Page.Locator("#history-lead").ClickAsync();
        await window.Page.Locator("#history-lead fluent-option", new() { HasTextString = "30 min before" }).ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex("lead=30m$"));
        await window.Page.Locator("#history-range").ClickAsync();
        await window.Page.Locator("#history-range fluent-option", new() { HasTextString = "from … to …" }).ClickAsync();
        await window.Page.Locator("#history-from").FillAsync($"{End.AddDays(-1):yyyy-MM-dd}T10:00");
        await window.Page.Locator("#history-to").FillAsync($"{End.AddDays(-1):yyyy-MM-dd}T11:00");
        await window.Page.Locator("#history-apply").ClickAsync();

        // the browser is in Dubai, four hours ahead
        await Expect(window.Page).ToHaveURLAsync(new Regex($"from={End.AddDays(-1):yyyy-MM-dd}T06%3A00%3A00Z&to={End.AddDays(-1):yyyy-MM-dd}T07%3A00%3A00Z&lead=30m$"));
        await Expect(window.Page.Locator(".tft-chart-large .tft-chart-now")).ToContainTextAsync("10:00 to");
        await window.Page.ReloadAsync();
        await window.InteractiveAsync();
        await Expect(window.Page.Locator(".tft-chart-large .tft-chart-title")).ToHaveTextAsync("Load average");
        await Expect(window.Page.Locator("#history-server")).ToHaveValueAsync("ppweb0002");
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task History_Table_HasThePointsAndScrollsThroughAll()
    {
        await using var window = await site.OpenAsync($"/history?name=ppml0001&metric=mem_used_pct&tab=table{Days(2)}");

        await Expect(window.Page.Locator(".tft-steps tbody tr").Nth(5)).ToContainTextAsync("%");
        await Expect(window.Page.Locator(".tft-steps tbody tr td:last-child").Filter(new() { HasTextRegex = new("yes|above|below") }).First).ToBeVisibleAsync();
        await window.Page.Locator(".tft-content").EvaluateAsync("e => e.scrollTop = e.scrollHeight");
        await Expect(window.Page.Locator(".tft-steps tbody")).ToContainTextAsync($"{End.AddDays(-2).AddHours(4):yyyy-MM-dd HH}:05:00");
    }

    [Fact]
    public async Task History_Csv_ComesThroughTheDashboard()
    {
        await using var window = await site.OpenAsync($"/history?name=ppml0001&metric=mem_used_pct{Days(2)}");

        var download = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.GetByText("CSV", new() { Exact = true }).ClickAsync());

        Assert.Equal("ppml0001-mem_used_pct.csv", download.SuggestedFilename);
        var text = await File.ReadAllTextAsync(await download.PathAsync());
        Assert.StartsWith("asked ?format=csv&server=ppml0001&metric=mem_used_pct&lead=8h&from=", text, StringComparison.Ordinal);
        var answer = await window.Page.APIRequest.GetAsync($"{site.Address}/export/history?format=parquet&name={Uri.EscapeDataString(DashboardSite.Hostile)}");
        Assert.Equal("PAR1", await answer.TextAsync());
        Assert.Contains("_img_src_x", answer.Headers["content-disposition"], StringComparison.Ordinal);
        site.Service.ExportIsBusy = true;
        try
        {
            var busy = await window.Page.APIRequest.GetAsync($"{site.Address}/export/history?format=parquet&name=ppml0001");
            Assert.Equal(429, busy.Status);
            Assert.Contains("try again in some seconds", await busy.TextAsync(), StringComparison.Ordinal);
        }
        finally
        {
            site.Service.ExportIsBusy = false;
        }
    }
}
