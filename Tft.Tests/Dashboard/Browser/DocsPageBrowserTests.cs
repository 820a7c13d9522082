using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Tft.Tests.Dashboard.Browser;

/// <summary>The docs as only a browser can show them: drawings in the theme, links to a place, tables.</summary>
[Trait("Ring", "service")]
[Collection(DashboardSite.Collection)]
public sealed class DocsPageBrowserTests(DashboardSite site)
{
    [Fact]
    public async Task Docs_Key_OpensThemAndTheTabsAreInTheAddress()
    {
        await using var window = await site.OpenAsync("/");
        await Expect(window.Page.Locator(".tft-cell").First).ToBeVisibleAsync();
        await window.Page.Keyboard.PressAsync("d");
        await Expect(window.Page.Locator("#docs-chart")).ToBeVisibleAsync();

        await window.Page.Locator("fluent-tab#docs-api").ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex(@"/docs\?tab=api$"));
        await Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(3);
        await window.Page.Locator("fluent-tab#docs-metrics").ClickAsync();
        await Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(14);
        var document = await window.Page.APIRequest.GetAsync(site.Address + "/export/openapi");
        Assert.Contains("\"/predict/{server}\"", await document.TextAsync(), StringComparison.Ordinal);
        var csv = await window.Page.APIRequest.GetAsync(site.Address + "/export/metrics?format=csv");
        Assert.StartsWith("metric,label,unit", await csv.TextAsync(), StringComparison.Ordinal);
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Docs_Drawings_FollowTheTheme()
    {
        await using var light = await site.OpenAsync("/docs");
        await using var dark = await site.OpenAsync("/docs", o => o.ColorScheme = ColorScheme.Dark);
        const string colours = "[...document.querySelectorAll('#chart .tft-explained i.measured')].map(i => getComputedStyle(i).borderTopColor).join() + getComputedStyle(document.querySelector('#chart path.measured')).stroke";

        var (inLight, inDark) = (await light.Page.EvaluateAsync<string>(colours), await dark.Page.EvaluateAsync<string>(colours));

        Assert.Equal("rgb(27, 27, 27)rgb(27, 27, 27)", inLight);
        Assert.Equal("rgb(242, 242, 242)rgb(242, 242, 242)", inDark);
    }

    [Fact]
    public async Task Server_HowToReadThis_LeadsToTheChartsExplanation()
    {
        await using var window = await site.OpenAsync("/server?name=ppcon0001");

        await window.Page.GetByText("How to read this").ClickAsync();

        await Expect(window.Page).ToHaveURLAsync(new Regex("/docs#chart$"));
        await Expect(window.Page.Locator("#chart .tft-plot path.band")).ToBeVisibleAsync();
        Assert.Empty(window.Errors);
    }
}
