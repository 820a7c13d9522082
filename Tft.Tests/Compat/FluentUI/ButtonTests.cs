using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Tft.Tests.Compat.FluentUI;

[Trait("Ring", "component")]
public sealed class ButtonTests : BunitContext
{
    private static readonly Icon s_icon = new("Dot", IconVariant.Regular, IconSize.Size16, "<circle r=\"4\" />");

    [Fact]
    public void Render_Defaults_NeutralButtonOfTypeButton()
    {
        var button = Render<FluentButton>(p => p.AddChildContent("Go")).Find("fluent-button");

        Assert.Equal("neutral", button.GetAttribute("appearance"));
        Assert.Equal("button", button.GetAttribute("type"));
        Assert.False(button.HasAttribute("disabled"));
        Assert.Equal("Go", button.TextContent.Trim());
    }

    [Fact]
    public void Render_IconOnly_NamedByTitleAndIconInDefaultSlot()
    {
        var button = Render<FluentButton>(p => p.Add(b => b.IconStart, s_icon).Add(b => b.Title, "Help")).Find("fluent-button");

        Assert.Equal("Help", button.GetAttribute("aria-label"));
        var svg = button.QuerySelector("svg")!;
        Assert.Null(svg.GetAttribute("slot"));
        Assert.Equal("0 0 16 16", svg.GetAttribute("viewBox"));
        Assert.Equal("true", svg.GetAttribute("aria-hidden"));
    }

    [Fact]
    public void Render_IconBesideText_IconInStartSlot() =>
        Assert.Equal("start", Render<FluentButton>(p => p.Add(b => b.IconStart, s_icon).AddChildContent("Go")).Find("svg").GetAttribute("slot"));

    [Fact]
    public void Click_Enabled_RaisesOnClick()
    {
        var clicks = 0;
        Render<FluentButton>(p => p.Add(b => b.OnClick, () => clicks++)).Find("fluent-button").Click();

        Assert.Equal(1, clicks);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Click_DisabledOrLoading_RaisesNothing(bool disabled, bool loading)
    {
        var clicks = 0;
        var button = Render<FluentButton>(p => p.Add(b => b.OnClick, () => clicks++).Add(b => b.Disabled, disabled).Add(b => b.Loading, loading));

        button.Find("fluent-button").Click();

        Assert.Equal(0, clicks);
        Assert.True(button.Find("fluent-button").HasAttribute("disabled"));
        Assert.Equal(loading, button.FindAll("fluent-progress-ring").Count == 1);
    }

    [Theory]
    [InlineData(Appearance.Filled)]
    [InlineData(Appearance.Hypertext)]
    public void Render_AppearanceThatAButtonLacks_Throws(Appearance appearance) =>
        Assert.Throws<ArgumentException>(() => Render<FluentButton>(p => p.Add(b => b.Appearance, appearance)));

    [Fact]
    public void Render_UnknownAttribute_GoesToTheElement() =>
        Assert.Equal("t", Render<FluentButton>(p => p.AddUnmatched("data-shortcut", "t")).Find("fluent-button").GetAttribute("data-shortcut"));

    [Fact]
    public void Badge_FillWithColours_BecomesVariables()
    {
        var badge = Render<FluentBadge>(p => p.Add(b => b.Fill, "x").Add(b => b.BackgroundColor, "red").Add(b => b.Color, "white").AddChildContent("9")).Find("fluent-badge");

        Assert.Contains("--badge-fill-x: red", badge.GetAttribute("style"), StringComparison.Ordinal);
        Assert.Contains("--badge-color-x: white", badge.GetAttribute("style"), StringComparison.Ordinal);
    }

    [Fact]
    public void Badge_AppearanceThatABadgeLacks_Throws() =>
        Assert.Throws<ArgumentException>(() => Render<FluentBadge>(p => p.Add(b => b.Appearance, Appearance.Stealth)));

    [Fact]
    public void Icon_CustomColourWithoutColorCustom_Throws() =>
        Assert.Throws<ArgumentException>(() => Render<FluentIcon<Icon>>(p => p.Add(i => i.Value, s_icon).Add(i => i.CustomColor, "red")));

    [Fact]
    public void Icon_Colours_CustomThenNamedThenAccent()
    {
        string Fill(Color? color, string? custom) =>
            Render<FluentIcon<Icon>>(p => p.Add(i => i.Value, s_icon).Add(i => i.Color, color).Add(i => i.CustomColor, custom)).Find("svg").GetAttribute("style")!;

        Assert.Contains("fill: red", Fill(Color.Custom, "red"), StringComparison.Ordinal);
        Assert.Contains("fill: var(--error)", Fill(Color.Error, null), StringComparison.Ordinal);
        Assert.Contains("fill: var(--accent-fill-rest)", Fill(null, null), StringComparison.Ordinal);
    }

    [Fact]
    public void Icon_FocusableWithEnter_ActsAsButton()
    {
        var clicks = 0;
        var icon = Render<FluentIcon<Icon>>(p => p.Add(i => i.Value, s_icon).Add(i => i.Focusable, true).Add(i => i.OnClick, EventCallback.Factory.Create<Microsoft.AspNetCore.Components.Web.MouseEventArgs>(this, () => clicks++))).Find("svg");

        icon.KeyDown("Enter");

        Assert.Equal("button", icon.GetAttribute("role"));
        Assert.Equal("0", icon.GetAttribute("tabindex"));
        Assert.Equal(1, clicks);
    }
}
