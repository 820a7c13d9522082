using Tft.Dashboard.Charts;

namespace Tft.Tests.Dashboard.Charts;

[Trait("Ring", "unit")]
public sealed class AxisTests
{
    [Theory]
    [InlineData(0, 100, 4)]
    [InlineData(0.013, 0.094, 4)]
    [InlineData(-3, 17, 5)]
    [InlineData(42, 42, 4)]
    [InlineData(1e6, 3e9, 4)]
    public void Values_AnyRange_HoldsItInFewRoundSteps(double low, double high, int count)
    {
        var (first, last, ticks) = Axis.Values(low, high, count);

        Assert.True(first <= low && last >= high);
        Assert.InRange(ticks.Length, 2, count + 3);
        var step = ticks[1] - ticks[0];
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.Equal(step, pair.Second - pair.First, step * 1e-6));
        Assert.Contains(Math.Round(step / Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-9)), 6), new[] { 1, 2, 2.5, 5, 10 });
    }

    [Theory]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity)]
    public void Values_NoNumbers_IsUnitRange(double low, double high) => Assert.Equal((0, 1), (Axis.Values(low, high, 4).Low, Axis.Values(low, high, 4).High));

    [Fact]
    public void Times_InAZone_AreRoundThere()
    {
        var from = new DateTimeOffset(2026, 3, 2, 8, 7, 0, TimeSpan.Zero);

        var times = Axis.Times(from, from.AddHours(20), 10, TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata"));

        Assert.InRange(times.Count, 5, 10);
        Assert.All(times, t => Assert.Equal((TimeSpan.FromHours(5.5), 0, 0), (t.Offset, t.Minute, t.Hour % 2)));
        Assert.All(times, t => Assert.InRange(t, from, from.AddHours(20)));
    }
}
