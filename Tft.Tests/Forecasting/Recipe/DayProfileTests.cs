using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Tests.Forecasting.Recipe;

[Trait("Ring", "unit")]
public sealed class DayProfileTests
{
    // reach of the mean by which the shape of one day is smoothed
    private const int OneDayReach = 12;

    [Fact]
    public void Smooth_AnyLocation_IsTheMeanOfSevenSlotsAroundMidnightToo()
    {
        var location = Random(1, Protocol.Day, 0);
        var profile = new DayProfile(location, new float[DayProfile.Coarse], new float[DayProfile.Coarse], new float[DayProfile.Coarse], new float[DayProfile.Coarse]);
        float[] expected = [.. Enumerable.Range(0, Protocol.Day).Select(slot => (float)(Around(slot, 3).Sum(at => (double)location[at]) / 7))];

        Assert.Equal(expected, profile.Smooth);
        Array.Reverse(location);
        profile.SmoothAgain();
        Assert.Equal((float)(Around(0, 3).Sum(at => (double)location[at]) / 7), profile.Smooth[0]);
    }

    [Theory]
    [InlineData(2, 0, 0)]
    [InlineData(3, 100, 0.3)]
    [InlineData(4, 287, 0)]
    public void Build_OneDay_IsHalfwayFromItsMeanToItsSmoothShape(int seed, int firstSlot, double missing)
    {
        var day = Random(seed, Protocol.Day, missing);
        var bySlot = new float[Protocol.Day];
        for (var i = 0; i < day.Length; i++)
            bySlot[(firstSlot + i) % Protocol.Day] = day[i];
        var measured = bySlot.Where(float.IsFinite).Select(v => (double)v).ToArray();
        var days = measured.Length / (double)Protocol.Day;

        var profile = DayProfileBuilder.Build(day, firstSlot, static _ => true);

        for (var slot = 0; slot < Protocol.Day; slot++)
        {
            var smooth = Around(slot, OneDayReach).Where(at => float.IsFinite(bySlot[at])).Average(at => (double)bySlot[at]);
            Assert.Equal(measured.Average() + (days / (days + 1) * (smooth - measured.Average())), profile.Location[slot], 1e-4);
        }
    }

    [Fact]
    public void Build_HoursWithoutAnyValue_SpreadThereIsThatOfTheWholeDay()
    {
        var day = Random(5, Protocol.Day, 0);
        day.AsSpan(0, Protocol.Day / 2).Fill(float.NaN);

        var profile = DayProfileBuilder.Build(day, 0, static _ => true);

        var whole = Enumerable.Range(Protocol.Day / 2, Protocol.Day / 2).Average(slot => (double)Math.Abs(day[slot] - profile.Location[slot]));
        Assert.Equal(whole, profile.Spread[DayProfile.Coarse / 4], 1e-4);
    }

    private static IEnumerable<int> Around(int slot, int reach) => Enumerable.Range(slot - reach, (2 * reach) + 1).Select(at => (at + Protocol.Day) % Protocol.Day);

    private static float[] Random(int seed, int count, double missing)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (Value: 50 + (10 * random.NextSingle()), Lost: random.NextDouble() < missing)).Select(v => v.Lost ? float.NaN : v.Value)];
    }
}
