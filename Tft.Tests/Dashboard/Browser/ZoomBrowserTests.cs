using System.Globalization;
using System.Text.RegularExpressions;
using System.Web;
using static Microsoft.Playwright.Assertions;

namespace Tft.Tests.Dashboard.Browser;

/// <summary>Ranges of charts, chosen by the pointer and by keys.</summary>
[Trait("Ring", "service")]
[Collection(DashboardSite.Collection)]
public sealed class ZoomBrowserTests(DashboardSite site)
{
    private const string Plot = ".tft-chart-large .tft-plot";

    private DateTimeOffset End => site.Service.Fleet.Origin;

    private string History => $"/history?name=ppml0001&metric=mem_used_pct&from={End.AddDays(-1).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&to={End.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}";

    [Fact]
    public async Task Drag_OnHistory_IsTheRangeInTheAddress_AndEscapeGoesBackEachTime()
    {
        await using var window = await site.OpenAsync(History);
        var first = window.Page.Url;
        await DragAsync(window, Plot, 0.25f, 0.5f);
        await Expect(window.Page).ToHaveURLAsync(new Regex(Regex.Escape(Uri.EscapeDataString($"{End.AddHours(-18).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"))));
        Assert.Equal((End.AddHours(-18), End.AddHours(-12)), Range(window));
        await AxisIsAsync(window, End.AddHours(-18), End.AddHours(-12));
        Assert.Equal("mem_used_pct", Query(window, "metric"));

        await DragAsync(window, Plot, 1, 0.5f);
        await AxisIsAsync(window, End.AddHours(-15), End.AddHours(-12));
        await window.Page.Keyboard.PressAsync("Escape");
        await AxisIsAsync(window, End.AddHours(-18), End.AddHours(-12));
        await window.Page.Locator(Plot).DblClickAsync();
        await AxisIsAsync(window, End.AddHours(-24), End);
        Assert.Equal(Parts(first), Parts(window.Page.Url));

        // there is no range before this one: what was asked for stays
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Page.GoBackAsync();
        await AxisIsAsync(window, End.AddHours(-18), End.AddHours(-12));
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Drag_OnServer_ReachesAhead_AndSmallChartsFollow()
    {
        await using var window = await site.OpenAsync("/server?name=ppcon0001&metric=load_average");
        var (from, to) = await AxisAsync(window);
        Assert.Equal(End.AddHours(8), to);
        await DragAsync(window, ".tft-multiples [data-metric=mem_used_pct] .tft-plot", 0.5f, 0.8f);

        await Expect(window.Page.Locator("#zoom-out")).ToBeVisibleAsync();
        var zoomed = Range(window);
        Assert.True(zoomed.From > from && zoomed.From < End && zoomed.To > End && zoomed.To < to, $"{zoomed}");
        await AxisIsAsync(window, zoomed.From, zoomed.To);
        await Expect(window.Page.Locator(".tft-chart-large .tft-chart-title")).ToHaveTextAsync("Load average");
        foreach (var part in new[] { ".band", ".measured", ".median" })
        {
            var drawn = (await window.Page.Locator($"{Plot} {part}").BoundingBoxAsync())!;
            var plot = (await window.Page.Locator(Plot).BoundingBoxAsync())!;
            Assert.True(drawn.X >= plot.X - 3 && drawn.X + drawn.Width <= plot.X + plot.Width + 3, $"{part} leaves the plot");
        }

        // a click is a click still, and the range stays with the other metric
        await window.Page.Locator(".tft-multiples [data-metric=mem_used_pct]").ClickAsync();
        await Expect(window.Page.Locator(".tft-chart-large .tft-chart-title")).ToHaveTextAsync("Memory used");
        await AxisIsAsync(window, zoomed.From, zoomed.To);
        await window.Page.ReloadAsync();
        await window.InteractiveAsync();
        await AxisIsAsync(window, zoomed.From, zoomed.To);
        await window.Page.Keyboard.PressAsync("Escape");
        await AxisIsAsync(window, from, to);
        await Expect(window.Page.Locator("#zoom-out")).ToHaveCountAsync(0);
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Drag_ShortOrGivenUp_ChangesNothing()
    {
        await using var window = await site.OpenAsync(History);
        var before = window.Page.Url;
        await DragAsync(window, Plot, 0.5f, 0.505f);
        var asked = site.Service.Requests["/history/ppml0001"];
        await Expect(window.Page.Locator(".tft-select")).ToHaveCountAsync(0);

        var box = (await window.Page.Locator(Plot).BoundingBoxAsync())!;
        await window.Page.Mouse.MoveAsync(box.X + 100, box.Y + 50);
        await window.Page.Mouse.DownAsync();
        await window.Page.Mouse.MoveAsync(box.X + 300, box.Y + 50, new() { Steps = 40 });
        await Expect(window.Page.Locator(".tft-select span")).ToContainTextAsync("–");
        await window.Page.Keyboard.PressAsync("Escape");
        await Expect(window.Page.Locator(".tft-select")).ToHaveCountAsync(0);
        await window.Page.Mouse.UpAsync();
        await Expect(window.Page.Locator(Plot)).ToBeVisibleAsync();
        Assert.Equal(before, window.Page.Url);
        Assert.Equal(asked, site.Service.Requests["/history/ppml0001"]);
    }

    [Fact]
    public async Task Keys_SelectShowZoomAndGoBack_AndTheChartKeepsTheFocus()
    {
        await using var window = await site.OpenAsync(History);
        await window.Page.Locator(Plot).FocusAsync();
        await window.Page.Keyboard.PressAsync("Home");
        await Expect(window.Page.Locator(".tft-cross")).ToBeVisibleAsync();
        for (var i = 0; i < 3; i++)
        {
            await window.Page.Keyboard.PressAsync("Shift+PageDown");
        }

        await Expect(window.Page.Locator(".tft-select [role=status]")).ToContainTextAsync("3 h");
        await window.Page.Keyboard.PressAsync("Enter");
        await AxisIsAsync(window, End.AddHours(-24), End.AddHours(-21));
        await Expect(window.Page.Locator(Plot)).ToBeFocusedAsync();

        await window.Page.Keyboard.PressAsync("-");
        await AxisIsAsync(window, End.AddHours(-25.5), End.AddHours(-19.5));
        await Expect(window.Page.Locator(Plot)).ToBeFocusedAsync();
        await window.Page.Keyboard.PressAsync("End");
        await window.Page.Keyboard.PressAsync("+");
        await AxisIsAsync(window, End.AddHours(-22.5), End.AddHours(-19.5));
        await Expect(window.Page.Locator(Plot)).ToBeFocusedAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await AxisIsAsync(window, End.AddHours(-25.5), End.AddHours(-19.5));
        Assert.Empty(window.Errors);
    }

    private static async Task DragAsync(Window window, string plot, float from, float to)
    {
        await Expect(window.Page.Locator($"{plot} .measured")).ToHaveCountAsync(1);
        await window.Page.Locator(plot).ScrollIntoViewIfNeededAsync();
        var box = (await window.Page.Locator(plot).BoundingBoxAsync())!;
        float At(float share) => box.X + (box.Width * share) - (share == 1 ? 1 : 0);
        await window.Page.Mouse.MoveAsync(At(from), box.Y + (box.Height / 2));
        await window.Page.Mouse.DownAsync();
        await window.Page.Mouse.MoveAsync(At(to), box.Y + (box.Height / 2) + 2, new() { Steps = 6 });
        await window.Page.Mouse.UpAsync();
    }

    private static async Task<(DateTimeOffset From, DateTimeOffset To)> AxisAsync(Window window)
    {
        var plot = window.Page.Locator(Plot);
        return (Time(await plot.GetAttributeAsync("data-from")), Time(await plot.GetAttributeAsync("data-to")));
    }

    private static async Task AxisIsAsync(Window window, DateTimeOffset from, DateTimeOffset to)
    {
        await Expect(window.Page.Locator(Plot)).ToHaveAttributeAsync("data-from", from.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        await Expect(window.Page.Locator(Plot)).ToHaveAttributeAsync("data-to", to.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
    }

    private static DateTimeOffset Time(string? seconds) => DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds!, CultureInfo.InvariantCulture));

    private static string? Query(Window window, string name) => HttpUtility.ParseQueryString(new Uri(window.Page.Url).Query)[name];

    private static (DateTimeOffset From, DateTimeOffset To) Range(Window window) =>
        (DateTimeOffset.Parse(Query(window, "from")!, CultureInfo.InvariantCulture), DateTimeOffset.Parse(Query(window, "to")!, CultureInfo.InvariantCulture));

    private static string Parts(string address) => string.Join('&', Uri.UnescapeDataString(new Uri(address).Query.TrimStart('?')).Split('&').Order(StringComparer.Ordinal));
}
