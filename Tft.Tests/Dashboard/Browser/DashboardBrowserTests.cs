using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace Tft.Tests.Dashboard.Browser;

/// <summary>What only a browser can show.</summary>
[Trait("Ring", "service")]
public sealed class DashboardBrowserTests(DashboardSite site) : IClassFixture<DashboardSite>
{
    [Fact]
    public async Task Fleet_Opens_ShowsServersWithoutAnError()
    {
        await using var window = await site.OpenAsync("/");

        await Expect(window.Page.Locator(".tft-cell")).ToHaveCountAsync(25);
        await Expect(window.Page.Locator(".tft-feed")).ToContainTextAsync("Live");
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Fleet_HostileName_IsTextAndRunsNothing()
    {
        await using var window = await site.OpenAsync("/servers?q=img");
        var link = window.Page.Locator("[data-row]", new() { HasTextString = DashboardSite.Hostile });

        await link.ClickAsync();
        await Expect(window.Page.Locator(".tft-pane figure").First).ToBeVisibleAsync();
        await window.Page.GetByText("Open", new() { Exact = true }).ClickAsync();
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync(DashboardSite.Hostile);

        Assert.Equal(0, await window.Page.Locator("img").CountAsync());
        Assert.NotEqual("owned", await window.Page.TitleAsync());
        Assert.Empty(window.Errors);
    }

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

    [Fact]
    public async Task Live_NewSnapshot_ReachesTheOpenPage()
    {
        await using var window = await site.OpenAsync("/servers?q=ppfresh");
        await Expect(window.Page.Locator("[data-row]")).ToHaveCountAsync(0);

        site.Service.Fleet.Add(new("ppfresh0001", Tft.Contract.Servers.ServerProfile.WebApi));
        try
        {
            site.Service.Publish();
            await Expect(window.Page.Locator("[data-row]")).ToHaveCountAsync(1);
        }
        finally
        {
            site.Service.Fleet.Remove("ppfresh0001");
            site.Service.Publish();
        }

        await Expect(window.Page.Locator("[data-row]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Live_TwoWindows_ShareOneSubscription()
    {
        await using var first = await site.OpenAsync("/");
        await using var second = await site.OpenAsync("/servers");

        await Expect(second.Page.Locator(".tft-feed")).ToContainTextAsync("Live");
        Assert.Equal(1, site.Service.Listeners);
    }

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

    [Fact]
    public async Task Insights_CostAssumption_IsCountedAndKept()
    {
        await using var window = await site.OpenAsync("/insights");
        var total = window.Page.Locator(".tft-total dd");
        var before = await total.TextContentAsync();

        await window.Page.Locator("#incident-cost").FillAsync("123456");
        await window.Page.Locator("#incident-cost").BlurAsync();
        await Expect(total).Not.ToHaveTextAsync(before!);
        var after = await total.TextContentAsync();
        await window.Page.ReloadAsync();
        await window.InteractiveAsync();

        await Expect(window.Page.Locator("#incident-cost")).ToHaveValueAsync("123456");
        await Expect(total).ToHaveTextAsync(after!);
        await Expect(window.Page.Locator(".tft-headline")).ToContainTextAsync("critical");
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Models_ByKeyAndDialog_ActivateAndRollBack()
    {
        await using var window = await site.OpenAsync("/");
        await window.Page.Keyboard.PressAsync("m");
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Models");

        await window.Page.GetByLabel($"Activate {FakeModels.Older}").ClickAsync();
        await Expect(window.Page.Locator("#confirm-dialog .tft-dialog")).ToBeVisibleAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await Expect(window.Page.Locator("#confirm-dialog")).ToHaveCountAsync(0);
        await window.Page.GetByLabel($"Activate {FakeModels.Older}").ClickAsync();
        await window.Page.Locator("#confirm-yes").ClickAsync();

        await Expect(window.Page.Locator("#roll-back")).ToHaveTextAsync($"Roll back to {FakeModels.Serving}");
        await window.Page.Locator("#roll-back").ClickAsync();
        await window.Page.Locator("#confirm-yes").ClickAsync();
        await Expect(window.Page.Locator("[role=status].tft-done")).ToContainTextAsync($"{FakeModels.Serving} serves now.");
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Heatmap_CellAndSlider_OpenServerAndKeepTheLeadInTheUrl()
    {
        await using var window = await site.OpenAsync("/heatmap?by=memory");
        var canvas = window.Page.Locator(".tft-heatmap canvas");
        await Eventually.True(async () => (await canvas.BoundingBoxAsync())?.Height > 150, "the cells are laid out");

        await window.Page.Locator("[data-heatmap-lead]").FillAsync("1");
        await Expect(window.Page).ToHaveURLAsync(new Regex(@"/heatmap\?by=memory&at=1$"));
        await Expect(window.Page.Locator(".tft-slider")).ToContainTextAsync("+30 min");
        var box = (await canvas.BoundingBoxAsync())!;
        await window.Page.Mouse.MoveAsync(box.X + 10, box.Y + 35);
        await Expect(window.Page.Locator(".tft-heat-tip")).ToContainTextAsync("ppcon0001");
        await window.Page.Mouse.ClickAsync(box.X + 10, box.Y + 35);
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("ppcon0001");
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Export_Csv_IsAFileWithEveryServer()
    {
        await using var window = await site.OpenAsync("/servers");

        var download = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.GetByText("CSV").ClickAsync());

        Assert.Equal("servers.csv", download.SuggestedFilename);
        var lines = await File.ReadAllLinesAsync(await download.PathAsync());
        Assert.Equal(26, lines.Length);
        Assert.StartsWith("server,profile,state,level,risk", lines[0], StringComparison.Ordinal);
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
