using Tft.Forecasting.Data;

namespace Tft.Tests.Forecasting.Data;

[Trait("Ring", "unit")]
public sealed class MetricSelectionTests
{
    [Fact]
    public void Kept_ConstantFewValuedAndOutlierMetrics_AreLeftOut()
    {
        var random = new Random(1);
        var steps = 4 * Protocol.Day;
        float[] Make(Func<int, double> f) => [.. Enumerable.Range(0, steps).Select(i => (float)f(i))];
        var series = new ServerSeries("s", ["good", "constant", "few", "half", "spike", "gaps"],
        [
            Make(_ => Math.Round(random.NextDouble(), 2)),
            Make(_ => 3),
            Make(_ => random.Next(5)),
            Make(i => i % 2 == 0 || i < 10 ? 0 : Math.Round(random.NextDouble(), 3)),
            Make(i => i == 7 ? 1000 : random.NextDouble()),
            Make(i => i % 5 == 0 ? double.NaN : random.NextDouble()),
        ], 0, steps);

        Assert.Equal([0, 5], MetricSelection.Kept(series));
    }

    [Fact]
    public void Origins_OfTheProtocol_AreHourlyWithAllTargetsInside()
    {
        var origins = Protocol.Origins(1000, 800);

        Assert.Equal(799, origins[0]);
        Assert.Equal(12, origins[1] - origins[0]);
        Assert.True(origins[^1] + 96 < 1000 && origins[^1] + 96 + 12 >= 1000);
    }
}
