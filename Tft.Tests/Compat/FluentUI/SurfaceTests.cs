using Bunit;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Tft.Tests.Compat.FluentUI;

/// <summary>Tabs, dialogs, tooltips, bars, progress, layout and theme.</summary>
[Trait("Ring", "component")]
public sealed class SurfaceTests : BunitContext
{
    private IRenderedComponent<FluentTabs> Tabs(string active, Action<string>? changed = null, bool deferred = false) => Render<FluentTabs>(p => p
        .Add(t => t.ActiveTabId, active).Add(t => t.ActiveTabIdChanged, changed ?? (_ => { }))
        .AddChildContent<FluentTab>(t => t.Add(x => x.Id, "one").Add(x => x.Label, "One").Add(x => x.DeferredLoading, deferred).AddChildContent("first"))
        .AddChildContent<FluentTab>(t => t.Add(x => x.Id, "two").Add(x => x.Label, "Two").Add(x => x.DeferredLoading, deferred).AddChildContent("second")));

    [Fact]
    public void Tabs_Render_TabsWithTheirPanels()
    {
        var tabs = Tabs("two");

        Assert.Equal("two", tabs.Find("fluent-tabs").GetAttribute("activeid"));
        Assert.Equal("true", tabs.Find("fluent-tabs").GetAttribute("activeindicator"));
        Assert.Equal(["one", "two"], tabs.FindAll("fluent-tab").Select(t => t.Id));
        Assert.Equal(["one-panel", "two-panel"], tabs.FindAll("fluent-tab-panel").Select(t => t.Id));
    }

    [Fact]
    public void Tabs_Deferred_OnlyTheActivePanelHasContent() =>
        Assert.Equal(["", "second"], Tabs("two", deferred: true).FindAll("fluent-tab-panel").Select(p => p.TextContent.Trim()));

    [Fact]
    public async Task Tabs_TabChange_ReportsEachNewTabOnce()
    {
        var seen = new List<string>();
        var element = Tabs("one", seen.Add).Find("fluent-tabs");

        await element.TriggerEventAsync("ontabchange", new TabChangeEventArgs { ActiveId = "one" });
        await element.TriggerEventAsync("ontabchange", new TabChangeEventArgs { ActiveId = "two" });
        await element.TriggerEventAsync("ontabchange", new TabChangeEventArgs { ActiveId = "somebody-elses" });
        await element.TriggerEventAsync("ontabchange", new TabChangeEventArgs());

        Assert.Equal(["two"], seen);
    }

    [Fact]
    public async Task Dialog_HideAndShow_TellAndRender()
    {
        var seen = new List<bool>();
        var dialog = Render<FluentDialog>(p => p.Add(d => d.Modal, true).Add(d => d.TrapFocus, true).Add(d => d.AriaLabel, "Help").Add(d => d.HiddenChanged, seen.Add));

        Assert.Equal("true", dialog.Find("fluent-dialog").GetAttribute("modal"));
        Assert.Equal("true", dialog.Find("fluent-dialog").GetAttribute("trap-focus"));
        await dialog.InvokeAsync(dialog.Instance.Hide);
        Assert.True(dialog.Find("fluent-dialog").HasAttribute("hidden"));
        await dialog.InvokeAsync(dialog.Instance.Show);
        Assert.False(dialog.Find("fluent-dialog").HasAttribute("hidden"));
        Assert.Equal([true, false], seen);
    }

    [Fact]
    public void Dialog_Height_FitsItsContentUnlessSaid()
    {
        Assert.Contains("--dialog-height: unset", Render<FluentDialog>().Find("fluent-dialog").GetAttribute("style"), StringComparison.Ordinal);
        Assert.DoesNotContain("unset", Render<FluentDialog>(p => p.Add(d => d.Style, "--dialog-height: 200px")).Find("fluent-dialog").GetAttribute("style")!, StringComparison.Ordinal);
    }

    [Fact]
    public void Tooltip_Anchor_AndWidth()
    {
        var tooltip = Render<FluentTooltip>(p => p.Add(t => t.Anchor, "a").Add(t => t.MaxWidth, "200px").AddChildContent("why"));

        Assert.Equal("a", tooltip.Find("fluent-tooltip").GetAttribute("anchor"));
        Assert.Equal("300", tooltip.Find("fluent-tooltip").GetAttribute("delay"));
        Assert.Contains("max-width: 200px", tooltip.Find("fluent-tooltip > div").GetAttribute("style"), StringComparison.Ordinal);
    }

    [Fact]
    public void MessageBar_Dismiss_Hides()
    {
        var bar = Render<FluentMessageBar>(p => p.Add(b => b.Intent, MessageIntent.Error).Add(b => b.Title, "Lost").AddChildContent("again"));

        Assert.Contains("intent-error", bar.Find("div").ClassName, StringComparison.Ordinal);
        bar.Find("button").Click();
        Assert.Empty(bar.FindAll("div"));
    }

    [Fact]
    public void MessageBar_NotDismissable_HasNoButton() =>
        Assert.Empty(Render<FluentMessageBar>(p => p.Add(b => b.AllowDismiss, false)).FindAll("button"));

    [Fact]
    public void Progress_ValueAndVisibility()
    {
        Assert.Equal("40", Render<FluentProgress>(p => p.Add(x => x.Value, 40).Add(x => x.Max, 100)).Find("fluent-progress").GetAttribute("value"));
        Assert.False(Render<FluentProgressRing>().Find("fluent-progress-ring").HasAttribute("value"));
        Assert.Empty(Render<FluentProgressRing>(p => p.Add(x => x.Visible, false)).FindAll("fluent-progress-ring"));
    }

    [Theory]
    [InlineData(Orientation.Horizontal, "stack-horizontal", "justify-content: space-between; align-items: center")]
    [InlineData(Orientation.Vertical, "stack-vertical", "align-items: start; justify-content: center")]
    public void Stack_Alignment_FollowsTheOrientation(Orientation orientation, string css, string style)
    {
        var stack = Render<FluentStack>(p => p.Add(s => s.Orientation, orientation).Add(s => s.HorizontalAlignment, HorizontalAlignment.SpaceBetween).Add(s => s.VerticalAlignment, VerticalAlignment.Center)).Find("div");

        Assert.Equal(css, stack.ClassName);
        Assert.StartsWith(style, stack.GetAttribute("style"), StringComparison.Ordinal);
        Assert.Contains("column-gap: 10px", stack.GetAttribute("style"), StringComparison.Ordinal);
    }

    [Fact]
    public void Header_Height_DefaultsTo50() =>
        Assert.Contains("height: 50px", Render<FluentHeader>().Find("header").GetAttribute("style"), StringComparison.Ordinal);

    [Theory]
    [InlineData(DesignThemeModes.Dark, "dark")]
    [InlineData(DesignThemeModes.Light, "light")]
    [InlineData(DesignThemeModes.System, null)]
    public void Theme_Mode_IsTheElementsAttribute(DesignThemeModes mode, string? expected) =>
        Assert.Equal(expected, Render<FluentDesignTheme>(p => p.Add(t => t.Mode, mode)).Find("fluent-design-theme").GetAttribute("mode"));
}
