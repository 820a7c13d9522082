using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tft.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace Tft.Tests.Dashboard.Browser;

/// <summary>What surrounds every page: theme, times, keys, what scrolls, what may run.</summary>
[Trait("Ring", "service")]
[Collection(DashboardSite.Collection)]
public sealed class FrameBrowserTests(DashboardSite site)
{
    [Fact]
    public async Task Theme_Button_SwitchesAndIsKeptInTheFirstByte()
    {
        await using var window = await site.OpenAsync("/");
        var light = await Background(window.Page);

        await window.Page.Locator("#theme-button").ClickAsync();
        await window.Page.Locator("#theme-button").ClickAsync();
        await Expect(window.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Eventually.True(async () => await Background(window.Page) == "rgb(39, 39, 39)", "dark background");
        Assert.NotEqual("rgb(39, 39, 39)", light);

        var answer = await window.Page.ReloadAsync();
        Assert.Contains("data-theme=\"dark\"", await answer!.TextAsync(), StringComparison.Ordinal);
        await window.InteractiveAsync();
        Assert.Equal("rgb(39, 39, 39)", await Background(window.Page));
    }

    [Fact]
    public async Task Theme_System_FollowsTheBrowser()
    {
        await using var window = await site.OpenAsync("/", o => o.ColorScheme = ColorScheme.Dark);

        Assert.Equal("rgb(39, 39, 39)", await Background(window.Page));
        Assert.Equal("#272727", await window.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).getPropertyValue('--neutral-layer-1').trim().toLowerCase()"));
    }

    [Fact]
    public async Task Times_BrowserZone_AndUtcBySwitch()
    {
        await using var window = await site.OpenAsync("/server?name=ppcon0001");

        await Expect(window.Page.Locator(".tft-facts")).ToContainTextAsync("12:00 Asia/Dubai");
        await window.Page.Locator("fluent-switch").ClickAsync();
        await Expect(window.Page.Locator(".tft-facts")).ToContainTextAsync("08:00 UTC");
        await window.Page.ReloadAsync();
        await window.InteractiveAsync();
        await Expect(window.Page.Locator(".tft-facts")).ToContainTextAsync("08:00 UTC");
    }

    [Fact]
    public async Task Switch_FlippedFast_SettlesWithoutAnEchoStorm()
    {
        await using var window = await site.OpenAsync("/");
        await window.Page.EvaluateAsync("() => { window.changes = 0; document.addEventListener('change', () => window.changes++); }");

        for (var i = 0; i < 7; i++)
        {
            await window.Page.Locator("fluent-switch").ClickAsync(new() { Delay = 0 });
        }

        await Expect(window.Page.Locator("fluent-switch")).ToHaveJSPropertyAsync("checked", true);
        await window.Page.WaitForTimeoutAsync(700);
        Assert.InRange(await window.Page.EvaluateAsync<int>("window.changes"), 7, 9);
    }

    [Fact]
    public async Task Keys_GoToPagesSearchRowsAndHelp()
    {
        await using var window = await site.OpenAsync("/");

        await window.Page.Keyboard.PressAsync("s");
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Servers");
        // the page takes the focus to its heading when it is there, a round trip after it is drawn
        await Expect(window.Page.Locator("h1")).ToBeFocusedAsync();
        await window.Page.Keyboard.PressAsync("/");
        await window.Page.Keyboard.TypeAsync("ppdb");
        await Expect(window.Page).ToHaveURLAsync(new Regex(@"/servers\?q=ppdb$"));
        await Expect(window.Page.Locator("[data-row]")).ToHaveCountAsync(4);
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Page.Keyboard.PressAsync("ArrowDown");
        await window.Page.Keyboard.PressAsync("ArrowDown");
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Page.Locator(".tft-pane")).ToBeVisibleAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await Expect(window.Page.Locator(".tft-pane")).ToHaveCountAsync(0);
        await window.Page.Keyboard.PressAsync("?");
        await Expect(window.Page.Locator("#help-dialog .tft-dialog")).ToBeVisibleAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await Expect(window.Page.Locator("#help-dialog")).ToHaveCountAsync(0);
        await window.Page.Keyboard.PressAsync("o");
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Sources");
        Assert.Empty(window.Errors);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/servers")]
    public async Task LongPage_OnlyTheContentScrolls(string path)
    {
        await using var window = await site.OpenAsync(path, o => o.ViewportSize = new() { Width = 1200, Height = 420 });

        await Expect(window.Page.Locator(".tft-content")).ToContainTextAsync("pp");
        Assert.False(await window.Page.EvaluateAsync<bool>("document.scrollingElement.scrollHeight > innerHeight"));
    }

    [Theory]
    [InlineData("/", 400)]
    [InlineData("/servers", 400)]
    [InlineData("/server?name=ppcon0001", 400)]
    [InlineData("/server?name=ppcon0001&tab=why", 400)]
    [InlineData("/models", 400)]
    [InlineData("/models?tab=quality", 400)]
    [InlineData("/models?tab=train", 400)]
    [InlineData("/sources", 400)]
    [InlineData("/heatmap", 400)]
    [InlineData("/alerts", 400)]
    [InlineData("/insights", 400)]
    [InlineData("/docs", 400)]
    [InlineData("/docs?tab=api", 400)]
    [InlineData("/docs?tab=metrics", 400)]
    [InlineData("/history", 400)]
    [InlineData("/history?name=ppml0001", 400)]
    [InlineData("/", 1000)]
    public async Task Narrow_Window_HasNoSidewaysScroll(string path, int width)
    {
        await using var window = await site.OpenAsync(path, o => o.ViewportSize = new() { Width = width, Height = 800 });

        Assert.False(await window.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        await Expect(window.Page.Locator(".tft-rail")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Headers_Policy_AllowsNoForeignAndNoInlineScript()
    {
        await using var window = await site.OpenAsync("/");

        var answer = await window.Page.ReloadAsync();

        var policy = answer!.Headers["content-security-policy"];
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers["x-content-type-options"]);
        Assert.Empty(window.Errors);
    }

    private static Task<string> Background(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
