using Microsoft.Extensions.Options;
using Tft.Inference.Alerts;

namespace Tft.Tests.Alerts;

[Trait("Ring", "unit")]
public sealed class AlertRuleTests
{
    [Fact]
    public void Default_Rules_AreValid()
    {
        var each = AlertRules.Default.All.ToDictionary(r => r.Name, _ => new AlertRuleOptions());
        Assert.True(Validate(each).Succeeded);
        Assert.All(AlertRules.Default.All, r => Assert.True(r.Recovery < r.Threshold));
    }

    [Fact]
    public void Of_Overrides_ReplaceWhatIsSetAndLeaveTheRest()
    {
        var rules = AlertRules.Of(new AlertOptions
        {
            Rules = { ["imminent_critical"] = new() { Threshold = 0.4f, Stable = 4, HoldMinutes = 30 }, ["forecast_warning"] = new() { Enabled = false } },
        });
        var (before, after) = (AlertRules.Default.Find("imminent_critical")!, rules.Find("imminent_critical")!);
        Assert.Equal(before with { Threshold = 0.4f, Stable = 4, Hold = TimeSpan.FromMinutes(30) }, after);
        Assert.Null(rules.Find("forecast_warning"));
        Assert.Equal(AlertRules.Default.All.Length - 1, rules.All.Length);
        Assert.Same(AlertRules.Default.Find("measured_critical"), rules.Find("measured_critical"));
    }

    public static TheoryData<string, string> Impossible => new()
    {
        { "imminent_panic", "no such rule" },
        { "imminent_critical:Threshold=15", "Threshold" },
        { "imminent_critical:Recovery=0.5", "Recovery" },
        { "measured_critical:Hits=4", "Hits of Of" },
        { "forecast_critical:Stable=0", "Stable" },
        { "forecast_critical:StableOnFallback=-1", "StableOnFallback" },
        { "forecast_critical:RecoverAfter=0", "RecoverAfter" },
        { "forecast_critical:HoldMinutes=-1", "HoldMinutes" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Validate_WhatCannotBe_IsNamed(string setting, string named)
    {
        var parts = setting.Split(':', '=');
        var value = parts.Length > 2 ? float.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture) : 0;
        var own = parts.ElementAtOrDefault(1) switch
        {
            "Threshold" => new AlertRuleOptions { Threshold = value },
            "Recovery" => new AlertRuleOptions { Recovery = value },
            "Hits" => new AlertRuleOptions { Hits = (int)value },
            "Stable" => new AlertRuleOptions { Stable = (int)value },
            "StableOnFallback" => new AlertRuleOptions { StableOnFallback = (int)value },
            "RecoverAfter" => new AlertRuleOptions { RecoverAfter = (int)value },
            "HoldMinutes" => new AlertRuleOptions { HoldMinutes = value },
            _ => new AlertRuleOptions(),
        };
        var result = Validate(new() { [parts[0]] = own });
        Assert.True(result.Failed);
        var failure = Assert.Single(result.Failures!);
        Assert.Contains($"{AlertOptions.Section}:Rules:{parts[0]}", failure, StringComparison.Ordinal);
        Assert.Contains(named, failure, StringComparison.Ordinal);
    }

    private static ValidateOptionsResult Validate(Dictionary<string, AlertRuleOptions> rules) =>
        new AlertOptionsValidator().Validate(null, new AlertOptions { Rules = rules });
}
