using Bunit;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Tft.Tests.Compat.FluentUI;

[Trait("Ring", "component")]
public sealed class InputTests : BunitContext
{
    private sealed record Zone(string Id, string Name);

    private static readonly Zone[] s_zones = [new("utc", "UTC"), new("ber", "Berlin"), new("nyc", "New York")];

    [Fact]
    public void Switch_Value_IsCurrentChecked()
    {
        Assert.True(Render<FluentSwitch>(p => p.Add(s => s.Value, true)).Find("fluent-switch").HasAttribute("current-checked"));
        Assert.False(Render<FluentSwitch>(p => p.Add(s => s.Value, false)).Find("fluent-switch").HasAttribute("current-checked"));
    }

    [Fact]
    public void Switch_NameForAssistiveTechnology_IsOnTheHost()
    {
        Assert.Equal("Show UTC", Render<FluentSwitch>(p => p.Add(s => s.Label, "Show UTC")).Find("fluent-switch").GetAttribute("aria-label"));
        Assert.Equal("Other", Render<FluentSwitch>(p => p.Add(s => s.Label, "Show UTC").Add(s => s.AriaLabel, "Other")).Find("fluent-switch").GetAttribute("aria-label"));
    }

    [Fact]
    public async Task Switch_CheckedChange_ReportsOnceAndOnlyADifference()
    {
        var seen = new List<bool>();
        var element = Render<FluentSwitch>(p => p.Add(s => s.Value, false).Add(s => s.ValueChanged, seen.Add)).Find("fluent-switch");

        await element.TriggerEventAsync("onswitchcheckedchange", new CheckboxChangeEventArgs { Checked = true });
        await element.TriggerEventAsync("onswitchcheckedchange", new CheckboxChangeEventArgs { Checked = true });

        Assert.Equal([true], seen);
    }

    [Fact]
    public void Select_Items_OptionsWithValueAndText()
    {
        var select = Render<FluentSelect<Zone>>(p => p.Add(s => s.Items, s_zones).Add(s => s.OptionText, z => z.Name).Add(s => s.OptionValue, z => z.Id).Add(s => s.SelectedOption, s_zones[1]));

        Assert.Collection(
            select.FindAll("fluent-option"),
            o => Assert.Equal(("utc", "UTC", false), (o.GetAttribute("value"), o.TextContent.Trim(), o.HasAttribute("selected"))),
            o => Assert.Equal(("ber", "Berlin", true), (o.GetAttribute("value"), o.TextContent.Trim(), o.HasAttribute("selected"))),
            o => Assert.Equal(("nyc", "New York", false), (o.GetAttribute("value"), o.TextContent.Trim(), o.HasAttribute("selected"))));
        Assert.Equal("ber", select.Find("fluent-select").GetAttribute("current-value"));
    }

    [Fact]
    public void Select_Change_GivesOptionAndValue()
    {
        Zone? option = null;
        string? value = null;
        var select = Render<FluentSelect<Zone>>(p => p.Add(s => s.Items, s_zones).Add(s => s.OptionText, z => z.Name).Add(s => s.OptionValue, z => z.Id)
            .Add(s => s.SelectedOption, s_zones[0]).Add(s => s.SelectedOptionChanged, o => option = o).Add(s => s.ValueChanged, v => value = v));

        select.Find("fluent-select").Change("nyc");

        Assert.Equal(s_zones[2], option);
        Assert.Equal("nyc", value);
    }

    [Theory]
    [InlineData("utc")]
    [InlineData("nowhere")]
    public void Select_ChangeToTheSameOrToNothingThere_SaysNothing(string value)
    {
        var calls = 0;
        var select = Render<FluentSelect<Zone>>(p => p.Add(s => s.Items, s_zones).Add(s => s.OptionValue, z => z.Id).Add(s => s.SelectedOption, s_zones[0]).Add(s => s.SelectedOptionChanged, _ => calls++));

        select.Find("fluent-select").Change(value);

        Assert.Equal(0, calls);
    }

    [Fact]
    public void Select_HostileText_IsEncoded()
    {
        var select = Render<FluentSelect<string>>(p => p.Add(s => s.Items, ["<img src=x onerror=alert(1)>"]));

        Assert.Empty(select.FindAll("img"));
        Assert.Contains("<img", select.Find("fluent-option").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Option_ByHand_SelectedByValue()
    {
        var select = Render<FluentSelect<string>>(p => p.Add(s => s.Value, "b").AddChildContent<FluentOption<string>>(o => o.Add(x => x.Value, "a")).AddChildContent<FluentOption<string>>(o => o.Add(x => x.Value, "b")));

        Assert.Equal(["false", "true"], select.FindAll("fluent-option").Select(o => o.GetAttribute("aria-selected")));
    }
}
