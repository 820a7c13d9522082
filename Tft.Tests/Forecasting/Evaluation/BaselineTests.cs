using Tft.Forecasting.Baselines;
using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;
using Tft.Tests.Forecasting.Data;

namespace Tft.Tests.Forecasting.Evaluation;

[Trait("Ring", "unit")]
public sealed class BaselineTests
{
    private const int Fit = 6 * Protocol.Day;

    public static TheoryData<string> Names => [.. PointBaseline.All.Select(b => b.Name)];

    [Fact]
    public void LinearTrend_AStraightLineWithAHole_IsCarriedOn()
    {
        var x = new float[400];
        for (var t = 0; t < x.Length; t++)
            x[t] = t % 7 == 3 ? float.NaN : 5 + (0.25f * t);
        var into = new float[Protocol.Horizon];

        new LinearTrend(48).Forecast(x, 300, [350], into);

        Assert.Equal(5 + (0.25 * 351), into[0], 1e-3);
        Assert.Equal(5 + (0.25 * 446), into[95], 1e-3);
    }

    [Fact]
    public void LastValue_NothingMeasuredAtTheOrigin_IsTheOneBefore()
    {
        float[] x = [1, 2, 3, float.NaN];
        var into = new float[Protocol.Horizon];

        new LastValue().Forecast(x, 4, [3], into);

        Assert.All(into, v => Assert.Equal(3, v));
    }

    [Fact]
    public void UsualDay_WhatFollowsTheFitPart_DoesNotCount()
    {
        var x = Day(t => t < Fit ? t % Protocol.Day : 1e6f);
        var into = new float[Protocol.Horizon];

        new UsualDay().Forecast(x, Fit, [Fit + 9], into);

        Assert.Equal(10, into[0]);
        Assert.Equal(105, into[95]);
    }

    [Fact]
    public void HoltWinters_ADayThatRepeatsOnARisingLevel_IsFollowed()
    {
        var x = Day(t => (float)(10 * Math.Sin(2 * Math.PI * t / Protocol.Day)) + (0.002f * t));
        var (into, origin) = (new float[Protocol.Horizon], (7 * Protocol.Day) + 40);

        new HoltWinters().Forecast(x, Fit, [origin], into);

        for (var lead = 0; lead < Protocol.Horizon; lead++)
            Assert.Equal(x[origin + 1 + lead], into[lead], 0.5);
    }

    /// <summary>Whatever comes after an origin, the forecast of that origin is the same.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Forecast_AnotherFuture_IsTheSame(string name)
    {
        var baseline = PointBaseline.All.Single(b => b.Name == name);
        var series = SyntheticSeries.Create(5, metrics: 1, gaps: 0.05);
        var x = series.Values[0];
        var origin = series.FitSteps + 30;
        var (one, other) = (new float[Protocol.Horizon], new float[Protocol.Horizon]);
        float[] changed = [.. x[..(origin + 1)], .. x[(origin + 1)..].Select(v => v + 7)];

        baseline.Forecast(x, series.FitSteps, [origin], one);
        baseline.Forecast(changed, series.FitSteps, [origin], other);

        Assert.Equal(one, other);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Forecast_ASeriesWithGaps_CoversAboutEightyPercentAndNeverCrosses(string name)
    {
        var series = SyntheticSeries.Create(6, days: 30, fitDays: 20, gaps: 0.05);
        var baseline = PointBaseline.All.Single(b => b.Name == name);

        var score = ServerScore.Of(series, PointBaseline.Forecast(baseline, series, Protocol.Origins(series.Steps, series.FitSteps)));

        Assert.Equal(0, score.Crossed);
        Assert.InRange(ScoreTable.Of([score]).Rows["all"].Cover80, 0.7, 0.9);
    }

    [Fact]
    public void Add_TwoForecasts_StandUnderEachOther()
    {
        var series = SyntheticSeries.Create(7);
        var scores = ScoreTable.Of([ServerScore.Of(series, SeasonalNaive.Forecast(series, Protocol.Origins(series.Steps, series.FitSteps)))]);
        var table = new ComparisonTable();

        string[] lines = [ComparisonTable.Heading, table.Add("one", scores), table.Add("the other", scores)];

        Assert.Single(lines.Select(l => l.Length).Distinct());
        Assert.Contains("1.000", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"the other\"", table.ToJson(), StringComparison.Ordinal);
    }

    private static float[] Day(Func<int, float> value) => [.. Enumerable.Range(0, 9 * Protocol.Day).Select(value)];
}
