using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Online;

namespace Tft.Tests.Forecasting.Recipe;

[Trait("Ring", "unit")]
public sealed class OnlineConformalTests
{
    private static readonly float[] s_band = [.. Enumerable.Repeat((float[])[-1.2816f, 0, 1.2816f], Protocol.Horizon).SelectMany(q => q)];

    [Fact]
    public void Observe_TooManyMissesAbove_WidensThatSideOfThatGroupOnly()
    {
        var conformal = new OnlineConformal(1);
        for (var i = 0; i < 10; i++)
            conformal.Observe(0, [0], [1]);

        var quantiles = s_band.ToArray();
        conformal.Apply(0, 0, quantiles);
        Assert.True(quantiles[2] > 1.3f * s_band[2]);
        Assert.True(quantiles[0] > s_band[0]);
        Assert.Equal(s_band[^1], quantiles[^1]);
    }

    /// <summary>Drifting spread, jumps, any seed: over weeks of hourly outcomes each side is missed by a tenth, as far as the bounds allow.</summary>
    [Theory]
    [InlineData(1, 1.0, 0.0)]
    [InlineData(2, 1.6, 0.0)]
    [InlineData(3, 0.7, 0.0)]
    [InlineData(4, 1.2, 0.8)]
    [InlineData(5, 2.0, 0.3)]
    public void Observe_DriftingSeries_CoverageConvergesToEightyPercent(int seed, double spread, double drift)
    {
        const int hours = 6000;
        var random = new Random(seed);
        var conformal = new OnlineConformal(3);
        var quantiles = new float[s_band.Length];
        var covered = 0;
        for (var hour = 0; hour < hours; hour++)
        {
            float[] below = new float[3], above = new float[3];
            for (var m = 0; m < 3; m++)
            {
                s_band.CopyTo(quantiles.AsSpan());
                conformal.Apply(m, 0, quantiles);
                var noise = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                var value = (float)(noise * spread * Math.Exp(drift * Math.Sin(hour / 300.0)));
                var side = OnlineConformal.Side(value, quantiles[0], quantiles[2]);
                (below[m], above[m]) = (side < 0 ? 1 : 0, side > 0 ? 1 : 0);
                covered += side == 0 ? 1 : 0;
            }

            conformal.Observe(0, below, above);
        }

        Assert.InRange(covered / (3.0 * hours), 0.79, 0.81);
    }

    [Fact]
    public void Observe_OnlyMissesOrNone_StaysWithinItsBoundsAndNeverCrosses()
    {
        var (wide, narrow) = (new OnlineConformal(1), new OnlineConformal(1));
        for (var i = 0; i < 1000; i++)
        {
            wide.Observe(0, [1], [1]);
            narrow.Observe(0, [0], [0]);
        }

        foreach (var (conformal, factor) in ((OnlineConformal, float)[])[(wide, OnlineConformal.Most), (narrow, OnlineConformal.Least)])
        {
            var quantiles = s_band.ToArray();
            conformal.Apply(0, 0, quantiles);
            Assert.Equal(factor * s_band[2], quantiles[2], 4);
            for (var lead = 0; lead < Protocol.Horizon; lead++)
                Assert.True(quantiles[lead * 3] <= quantiles[(lead * 3) + 1] && quantiles[(lead * 3) + 1] <= quantiles[(lead * 3) + 2]);
        }
    }

    [Fact]
    public void Observe_AMetricOfWhichNothingCame_StaysAsItIs()
    {
        var conformal = new OnlineConformal(2);
        conformal.Observe(0, [float.NaN, 1], [float.NaN, 0]);
        Assert.Equal(0, conformal.LogScales[0]);
        Assert.True(conformal.LogScales[1] > 0);
        var before = conformal.LogScales.ToArray();
        conformal.Observe(0, [float.NaN, float.NaN], [float.NaN, float.NaN]);
        Assert.Equal(before, conformal.LogScales.ToArray());
    }

    /// <summary>Twelve metrics that never miss say nothing of the thirteenth, once they are at their bound.</summary>
    [Fact]
    public void Observe_AmongStillMetrics_KeepsItsPromise()
    {
        const int metrics = 13, hours = 4000;
        var (random, conformal) = (new Random(8), new OnlineConformal(metrics));
        var quantiles = new float[s_band.Length];
        var (covered, counted) = (0, 0);
        for (var hour = 0; hour < hours; hour++)
        {
            float[] below = new float[metrics], above = new float[metrics];
            s_band.CopyTo(quantiles.AsSpan());
            conformal.Apply(0, 0, quantiles);
            var value = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            var side = OnlineConformal.Side(value, quantiles[0], quantiles[2]);
            (below[0], above[0]) = (side < 0 ? 1 : 0, side > 0 ? 1 : 0);
            covered += hour > 500 && side == 0 ? 1 : 0;
            counted += hour > 500 ? 1 : 0;
            conformal.Observe(0, below, above);
        }

        Assert.InRange((double)covered / counted, 0.78, 0.82);
    }

    [Fact]
    public void Observe_AtHalfTheRate_MovesHalfAsFarButForWhatNoStateKnows()
    {
        var (fast, slow) = (new OnlineConformal(2), new OnlineConformal(2) { Rate = OnlineConformal.WeeksRate });
        foreach (var conformal in (OnlineConformal[])[fast, slow])
        {
            conformal.Observe(0, [1, float.NaN], [0, float.NaN]);
            conformal.Observe(0, 1, 1, 0);
        }

        Assert.Equal(fast.LogScales[0], 2 * slow.LogScales[0], 1e-6f);
        Assert.Equal(fast.LogScales[1], slow.LogScales[1]);
        Assert.True(slow.LogScales[0] > 0);
        Assert.Equal(OnlineConformal.NewcomerRate, OnlineConformal.RateOf(isNewcomer: true));
        Assert.Equal(OnlineConformal.WeeksRate, OnlineConformal.RateOf(isNewcomer: false));
    }

    [Fact]
    public void Restore_WhatWasKept_IsTheSameAndWhatCannotBeIsBounded()
    {
        var conformal = new OnlineConformal(2);
        conformal.Observe(3, [1, 0], [0, 1]);
        var copy = new OnlineConformal(2);
        copy.Restore(conformal.LogScales);
        Assert.Equal(conformal.LogScales.ToArray(), copy.LogScales.ToArray());
        copy.Restore([.. Enumerable.Repeat(float.PositiveInfinity, 31), float.NaN]);
        Assert.Equal(MathF.Log(OnlineConformal.Most), copy.LogScales[0]);
        Assert.Equal(0, copy.LogScales[31]);
        copy.Forget(0);
        Assert.Equal((0f, MathF.Log(OnlineConformal.Most)), (copy.LogScales[0], copy.LogScales[1]));
    }
}
