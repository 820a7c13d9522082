using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Tft.Tests.Dashboard.Browser;

/// <summary>A server's page as only a browser can show it: chart, pointer, address.</summary>
[Trait("Ring", "service")]
[Collection(DashboardSite.Collection)]
public sealed class ServerPageBrowserTests(DashboardSite site)
{
    [Fact]
    public async Task Server_Chart_IsDrawnWithItsParts()
    {
        await using var window = await site.OpenAsync("/server?name=ppcon0001");
        var plot = window.Page.Locator(".tft-chart-large .tft-plot");

        foreach (var part in new[] { ".band", ".measured", ".median", ".now" })
        {
            var box = await plot.Locator(part).BoundingBoxAsync();
            Assert.NotNull(box);
            Assert.True(box.Width + box.Height > 50, part);
        }

        var measured = await plot.Locator(".measured").BoundingBoxAsync();
        var band = await plot.Locator(".band").BoundingBoxAsync();
        Assert.True(measured!.X + measured.Width <= band!.X + 2, "the past ends where the band begins");
        await Expect(window.Page.Locator(".tft-crossing-label").First).ToContainTextAsync("p90");
    }

    [Fact]
    public async Task Server_PointerOverTheChart_ReadsTheBand()
    {
        await using var window = await site.OpenAsync("/server?name=ppcon0001");
        var box = (await window.Page.Locator(".tft-chart-large .tft-plot").BoundingBoxAsync())!;

        await window.Page.Mouse.MoveAsync(box.X + (box.Width * 0.9f), box.Y + 50);
        await Expect(window.Page.Locator(".tft-cross")).ToContainTextAsync("p90");
        await window.Page.Mouse.MoveAsync(box.X + (box.Width * 0.2f), box.Y + 50);
        await Expect(window.Page.Locator(".tft-cross")).Not.ToContainTextAsync("p90");
        await window.Page.Mouse.MoveAsync(box.X - 60, box.Y - 80);
        await Expect(window.Page.Locator(".tft-cross")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Server_StateInTheUrl_SurvivesAReloadAndTheBackButton()
    {
        await using var window = await site.OpenAsync("/server?name=ppcon0001");

        await window.Page.Locator("[data-metric=load_average]").ClickAsync();
        await Expect(window.Page.Locator(".tft-chart-large .tft-chart-title")).ToHaveTextAsync("Load average");
        await window.Page.Locator("#tab-table").ClickAsync();
        await Expect(window.Page.Locator(".tft-steps")).ToBeVisibleAsync();
        Assert.EndsWith("/server?name=ppcon0001&metric=load_average&tab=table", window.Page.Url, StringComparison.Ordinal);

        await window.Page.ReloadAsync();
        await window.InteractiveAsync();
        await Expect(window.Page.Locator(".tft-steps")).ToBeVisibleAsync();
        await Expect(window.Page.Locator(".tft-steps caption")).ToContainTextAsync("Load average");
        await window.Page.GoBackAsync();
        await Expect(window.Page.Locator(".tft-chart-large .tft-chart-title")).ToHaveTextAsync("Memory used");
    }

    [Fact]
    public async Task Server_Why_IsDrawnAndItsChoicesAreInTheUrl()
    {
        await using var window = await site.OpenAsync("/server?name=ppcon0001");

        await window.Page.Locator("#tab-why").ClickAsync();
        var shares = await window.Page.Locator(".tft-attention path.shares").BoundingBoxAsync();
        Assert.True(shares!.Width > 300 && shares.Height > 100, $"{shares.Width} x {shares.Height}");
        await Expect(window.Page.Locator(".tft-attention tbody tr").First).ToContainTextAsync("04:00–05:00");
        await window.Page.Locator("#why-lead").ClickAsync();
        await window.Page.Locator("#why-lead fluent-option", new() { HasTextString = "30 min" }).ClickAsync();

        await Expect(window.Page).ToHaveURLAsync(new Regex("tab=why&lead=30$"));
        await Expect(window.Page.Locator(".tft-attention tbody tr")).ToHaveCountAsync(9);
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Server_RangeSelect_ChangesTheAddressOnce()
    {
        await using var window = await site.OpenAsync("/server?name=ppcon0001");

        await window.Page.Locator("#range").ClickAsync();
        await window.Page.Locator("#range fluent-option", new() { HasTextString = "last 24 h" }).ClickAsync();

        await Expect(window.Page).ToHaveURLAsync(new Regex("hours=24"));
        await Expect(window.Page.Locator("#range")).ToHaveJSPropertyAsync("value", "24");
    }
}
