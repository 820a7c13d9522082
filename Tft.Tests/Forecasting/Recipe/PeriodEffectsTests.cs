using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Corrections;

namespace Tft.Tests.Forecasting.Recipe;

[Trait("Ring", "unit")]
public sealed class PeriodEffectsTests
{
    private const int Hour = 12;
    private const int Newest = Protocol.Context - 1;

    // a job that takes 12 units at one step of every hour: the fourth one after the newest step is such a step
    private static readonly float[] s_values = [.. Enumerable.Range(0, Protocol.Context).Select(t => 1000 + ((t - Newest - 4) % Hour == 0 ? 12f : 0))];

    [Theory]
    [InlineData(4, 11)]
    [InlineData(16, 11)]
    [InlineData(40, 11)]
    [InlineData(3, -1)]
    [InlineData(0, -1)]
    [InlineData(96, -1)]
    public void Of_HourlyJob_SaysAtWhichStepsItRuns(int ahead, float expected)
    {
        var effects = new PeriodEffects(s_values, new float[PeriodEffects.Room]);

        Assert.Equal(expected, effects.Of(ahead, Hour), 0.01f);
    }

    [Fact]
    public void Of_ALineOfLevels_IsNoEffectOfThePhase()
    {
        var line = Enumerable.Range(0, Protocol.Context).Select(t => 0.5f * t).ToArray();
        var effects = new PeriodEffects(line, new float[PeriodEffects.Room]);

        // a line is as far off its surroundings everywhere
        for (var ahead = 1; ahead < 30; ahead++)
            Assert.Equal(effects.Of(0, Hour), effects.Of(ahead, Hour), 0.01f);
    }

    [Theory]
    [InlineData(4, 1, 12)]
    [InlineData(4, 2, 12)]
    [InlineData(5, 1, 0)]
    [InlineData(16, 1, 12)]
    [InlineData(96, 1, 0)]
    public void Before_WholePeriods_IsTheNewestThatWasMeasured(int ahead, int periods, float expected)
    {
        var effects = new PeriodEffects(s_values, new float[PeriodEffects.Room]);

        Assert.Equal(1000 + expected, effects.Before(ahead, Hour, periods));
    }
}
