using Tft.Forecasting.Training;

namespace Tft.Tests.Forecasting.Training;

[Trait("Ring", "unit")]
public sealed class ShuffleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(55)]
    [InlineData(4096)]
    [InlineData(10007)]
    public void At_EveryPosition_GivesEveryWindowOnce(int count)
    {
        var seen = Enumerable.Range(0, count).Select(i => Shuffle.At(i, count, 42)).ToHashSet();

        Assert.Equal(count, seen.Count);
        Assert.Equal(0, seen.Min());
        Assert.Equal(count - 1, seen.Max());
    }

    [Fact]
    public void At_AnotherKey_GivesAnotherOrder()
    {
        Assert.NotEqual(Enumerable.Range(0, 100).Select(i => Shuffle.At(i, 100, 1)), Enumerable.Range(0, 100).Select(i => Shuffle.At(i, 100, 2)));
    }
}
