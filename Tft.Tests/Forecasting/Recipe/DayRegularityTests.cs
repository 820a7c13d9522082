using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Tests.Forecasting.Recipe;

[Trait("Ring", "unit")]
public sealed class DayRegularityTests
{
    [Fact]
    public void Of_ADayOfLongWavesThatCloses_IsRegular()
    {
        var day = Day(i => 50 + (20 * Math.Sin(2 * Math.PI * i / 288)) + (5 * Math.Cos(6 * Math.PI * i / 288)));
        Assert.InRange(DayRegularity.Of(day, DayRegularity.Closure(day), DayRegularity.Closure(day)), 0.95f, 1);
    }

    [Fact]
    public void Of_ADayThatWanders_IsNotRegular()
    {
        var (random, level) = (new Random(3), 50.0);
        var day = Day(_ => level += random.NextDouble() - 0.45);
        Assert.InRange(DayRegularity.Of(day, DayRegularity.Closure(day), DayRegularity.Closure(day)), 0, 0.3f);
    }

    /// <summary>What the other metrics did says whether the day of one that closed by chance repeats.</summary>
    [Fact]
    public void Of_TheOtherMetricsWandered_BelievesLess()
    {
        var day = Day(i => 50 + (20 * Math.Sin(2 * Math.PI * i / 288)));
        var closure = DayRegularity.Closure(day);
        Assert.True(DayRegularity.Of(day, closure, 0) < DayRegularity.Of(day, closure, closure) - 0.3f);
    }

    [Fact]
    public void Closure_NothingMovesOrAnEndIsMissing_IsUnknown()
    {
        Assert.True(float.IsNaN(DayRegularity.Closure(Day(_ => 7))));
        var day = Day(i => i % 50);
        day[^1] = float.NaN;
        Assert.True(float.IsNaN(DayRegularity.Closure(day)));
        Assert.Equal(0, DayRegularity.Of(Day(i => i % 50), float.NaN, float.NaN));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.125f, 1.5f)]
    [InlineData(0.5f, 3)]
    [InlineData(1, 5)]
    public void Mix_BetweenTwoSets_IsLinear(float regularity, float expected)
    {
        LearnedSeries Set(float v) => new([v], [v], [], [v], [v], [v]);
        LearnedSeries[] sets = [Set(1), Set(2), Set(3), Set(4), Set(5)];
        var room = RegularityClasses.Room(sets[0]);
        RegularityClasses.Mix(sets, regularity, room);
        Assert.Equal([expected], room.Base);
        Assert.Equal([expected], room.Quantiles);
    }

    [Fact]
    public void Yesterday_TodayIsHigher_TheDistanceDecays()
    {
        var window = Day(i => i);
        window[^1] = window[^2] = window[^3] = 10.5f;
        var forecast = new float[Protocol.Horizon];
        YesterdayForecast.Write(window, forecast);

        // yesterday's first two steps are 0 and 1: today is 10 higher
        Assert.Equal(0.5f + (10 * YesterdayForecast.DistanceDecay), forecast[0], 1e-4f);
        Assert.Equal(95 + (10 * MathF.Pow(YesterdayForecast.DistanceDecay, 96)), forecast[^1], 1e-3f);
    }

    private static float[] Day(Func<int, double> value) => [.. Enumerable.Range(0, 288).Select(i => (float)value(i))];
}
