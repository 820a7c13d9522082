using FsCheck;
using FsCheck.Fluent;
using Tft.Inference.Risk;

namespace Tft.Tests.Risk;

[Trait("Ring", "unit")]
public sealed class ExceedanceTests
{
    [Theory]
    [InlineData(10, 0.9)]
    [InlineData(15, 0.7)]
    [InlineData(20, 0.5)]
    [InlineData(30, 0.3)]
    [InlineData(40, 0.1)]
    public void Above_AtAndBetweenTheQuantiles_IsLinear(float threshold, float probability) =>
        Assert.Equal(probability, Exceedance.Above(threshold, 10, 20, 40), 4);

    [Fact]
    public void Above_OutsideTheBand_DecaysButNeverToNothing()
    {
        Assert.InRange(Exceedance.Above(45, 10, 20, 40), 0.03f, 0.05f);
        Assert.InRange(Exceedance.Above(5, 10, 20, 40), 0.97f, 0.999f);
    }

    [Fact]
    public void Above_FlatSeries_IsAStep()
    {
        Assert.Equal(0, Exceedance.Above(95, 45, 45, 45));
        Assert.Equal(1, Exceedance.Above(40, 45, 45, 45));
    }

    [Fact]
    public void Above_NotForecast_IsNothing() => Assert.Equal(0, Exceedance.Above(95, float.NaN, float.NaN, float.NaN));

    [Fact]
    public void Above_AnyQuantiles_IsAProbabilityThatFallsWithTheThreshold()
    {
        var value = Gen.Choose(0, 10_000).Select(v => v / 100f);
        Prop.ForAll(Arb.From(Gen.ListOf(value, 5)), list =>
        {
            float[] quantiles = [.. list.Take(3).Order()];
            float[] thresholds = [.. list.Skip(3).Order()];
            var low = Exceedance.Above(thresholds[0], quantiles[0], quantiles[1], quantiles[2]);
            var high = Exceedance.Above(thresholds[1], quantiles[0], quantiles[1], quantiles[2]);
            return low >= high && high >= 0 && low <= 1;
        }).QuickCheckThrowOnFailure();
    }
}
