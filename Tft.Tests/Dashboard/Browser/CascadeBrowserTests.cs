using System.Text.RegularExpressions;
using Tft.Tests.Dashboard.Fakes;
using static Microsoft.Playwright.Assertions;

namespace Tft.Tests.Dashboard.Browser;

/// <summary>The timeline as only a browser can show it.</summary>
[Trait("Ring", "service")]
[Collection(DashboardSite.Collection)]
public sealed class CascadeBrowserTests(DashboardSite site)
{
    [Fact]
    public async Task Cascade_Key_OpensTheTimeline_AndTheTableIsInTheAddressAndTheFile()
    {
        await using var window = await site.OpenAsync("/");
        await Expect(window.Page.Locator(".tft-cell").First).ToBeVisibleAsync();
        site.Service.Cascades = FakeCascades.Of(FakeCascades.Group(DashboardSite.Hostile, "ppweb0001", "ppweb0002"), FakeCascades.Group("ppdb0009", "ppweb0009"));
        await window.Page.Keyboard.PressAsync("c");

        await Expect(window.Page.Locator(".tft-timeline-row[role=listitem]")).ToHaveCountAsync(3);
        var bars = (await window.Page.Locator(".tft-timeline .bar.tft-critical").First.BoundingBoxAsync())!;
        Assert.True(bars.Width > 100 && bars.Height > 15, $"{bars.Width} x {bars.Height}");
        var rises = new List<float>();
        foreach (var rise in await window.Page.Locator(".tft-timeline .rise").AllAsync())
        {
            rises.Add((await rise.BoundingBoxAsync())!.X);
        }

        Assert.Equal(rises.Order(), rises);
        Assert.True(rises[2] > rises[0] + 5, string.Join(' ', rises));
        await Expect(window.Page.Locator(".tft-timeline-axis")).ToContainTextAsync("11:30");

        await window.Page.Locator(".tft-groups a").Nth(1).ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex("open=ppdb0009$"));
        await window.Page.Locator("fluent-tab#cascade-table").ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex("open=ppdb0009&tab=table$"));
        await Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(2);
        var csv = await (await window.Page.APIRequest.GetAsync(site.Address + "/export/cascades?format=csv")).TextAsync();
        Assert.Contains("ppdb0009,ppweb0009,web_api,2026-03-02T07:05:00Z,false,5,back_close_wait,90,0.912,5,189,93,", csv, StringComparison.Ordinal);
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Rail_Narrow_HasEveryPage()
    {
        await using var window = await site.OpenAsync("/", o => o.ViewportSize = new() { Width = 360, Height = 700 });
        var links = await window.Page.Locator(".tft-rail-link").AllAsync();
        foreach (var link in links)
        {
            var box = (await link.BoundingBoxAsync())!;
            Assert.True(box.X >= 0 && box.X + box.Width <= 361, $"{await link.GetAttributeAsync("href")} ends at {box.X + box.Width}");
        }
    }
}
