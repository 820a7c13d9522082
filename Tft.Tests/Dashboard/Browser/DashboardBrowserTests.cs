using System.Text.RegularExpressions;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;
using static Microsoft.Playwright.Assertions;

namespace Tft.Tests.Dashboard.Browser;

/// <summary>Pages and what is live on them, as only a browser can show it.</summary>
[Trait("Ring", "service")]
[Collection(DashboardSite.Collection)]
public sealed class DashboardBrowserTests(DashboardSite site)
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
}
