using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Options;
using Tft.Contract.Servers;
using Tft.Inference.Risk;

namespace Tft.Tests.Risk;

[Trait("Ring", "unit")]
public sealed class ThresholdsTests
{
    private static readonly Thresholds s_memory = new(85, 90, 95, 100);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(84.99f, 0)]
    [InlineData(85, 20)]
    [InlineData(87.5f, 30)]
    [InlineData(90, 40)]
    [InlineData(92.5f, 55)]
    [InlineData(95, 70)]
    [InlineData(97.5f, 85)]
    [InlineData(100, 100)]
    [InlineData(140, 100)]
    [InlineData(float.NaN, 0)]
    public void Severity_AtTheKnots_IsThatOfTheContract(float value, float severity) =>
        Assert.Equal(severity, s_memory.Severity(value), 3);

    [Fact]
    public void Severity_OfEveryMetricAndProfile_NeverFallsAsTheValueRisesAndStaysWithin0And100()
    {
        var table = new ThresholdTable(Options.Create(new RiskOptions()));
        var values = Gen.Choose(0, 100_000).Select(v => v / 100f);
        Prop.ForAll(Arb.From(Gen.Zip(values, values)), pair =>
        {
            var (low, high) = (Math.Min(pair.Item1, pair.Item2), Math.Max(pair.Item1, pair.Item2));
            foreach (var profile in Enum.GetValues<ServerProfile>())
            {
                foreach (var metric in RiskMetrics.All)
                {
                    var limits = table.Get(profile, metric.Id, loadMedian: 1.7f);
                    var (a, b) = (limits.Severity(low), limits.Severity(high));
                    if (!(a <= b && a >= 0 && b <= 100))
                        return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Get_MemoryOfADatabase_UsesItsOwnThresholds()
    {
        var table = new ThresholdTable(Options.Create(new RiskOptions()));
        Assert.Equal(new Thresholds(95, 97, 99, 100), table.Get(ServerProfile.Database, RiskMetric.Memory, float.NaN));
        Assert.Equal(s_memory, table.Get(ServerProfile.WebApi, RiskMetric.Memory, float.NaN));
    }

    [Fact]
    public void Get_Load_IsAMultipleOfTheOwnMedianAndAtLeastOfTheProfile()
    {
        var table = new ThresholdTable(Options.Create(new RiskOptions()));
        Assert.Equal(20, table.Get(ServerProfile.WebApi, RiskMetric.Load, loadMedian: 5).Critical);
        Assert.Equal(4 * 2.8f, table.Get(ServerProfile.WebApi, RiskMetric.Load, float.NaN).Critical, 4);
        Assert.Equal(4 * 2.8f, table.Get(ServerProfile.WebApi, RiskMetric.Load, loadMedian: 0.02f).Critical, 4);
    }

    [Fact]
    public void Get_OverriddenForAllAndForOneProfile_TheProfileWins()
    {
        var options = new RiskOptions
        {
            Thresholds = { ["mem_used_pct"] = new ThresholdOptions { Critical = 98 } },
            Profiles = { ["web_api"] = new() { ["mem_used_pct"] = new ThresholdOptions { Critical = 97 } } },
        };
        var table = new ThresholdTable(Options.Create(options));
        Assert.Equal(98, table.Get(ServerProfile.Generic, RiskMetric.Memory, float.NaN).Critical);
        Assert.Equal(97, table.Get(ServerProfile.WebApi, RiskMetric.Memory, float.NaN).Critical);
        Assert.True(new RiskOptionsValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public void Validate_WhatCannotBe_NamesEveryKey()
    {
        var unknown = new RiskOptionsValidator().Validate(null, new RiskOptions
        {
            Thresholds = { ["memory"] = new ThresholdOptions() },
            Profiles = { ["mainframe"] = new() },
        });
        Assert.Contains("Tft:Risk:Thresholds:memory", unknown.FailureMessage, StringComparison.Ordinal);
        Assert.Contains("Tft:Risk:Profiles:mainframe", unknown.FailureMessage, StringComparison.Ordinal);

        var falling = new RiskOptionsValidator().Validate(null, new RiskOptions { Thresholds = { ["swap_used_pct"] = new ThresholdOptions { Critical = 20 } } });
        Assert.True(falling.Failed);
        Assert.Contains("swap_used_pct", falling.FailureMessage, StringComparison.Ordinal);
    }
}
