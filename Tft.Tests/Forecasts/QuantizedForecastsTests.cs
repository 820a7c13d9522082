using Tft.Contract.Metrics;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;

namespace Tft.Tests.Forecasts;

[Trait("Ring", "unit")]
public sealed class QuantizedForecastsTests
{
    [Fact]
    public void Get_AfterSet_IsOffByLessThanAHundredThousandthOfTheRange()
    {
        var random = new Random(5);
        var quantiles = new float[ForecastShape.PerServer];
        foreach (var metric in MetricCatalog.All)
        {
            for (var step = 0; step < 96; step++)
            {
                var p50 = random.NextSingle() * 90;
                ForecastShape.Write(quantiles, step, metric, p50 - 5, p50, p50 + 5);
            }
        }

        var store = new QuantizedForecasts(2);
        store.Set(1, quantiles);
        foreach (var metric in MetricCatalog.All)
        {
            for (var step = 0; step < 96; step++)
            {
                for (var q = 0; q < 3; q++)
                    Assert.Equal(quantiles[ForecastShape.At(step, (int)metric.Id) + q], store.Get(1, metric.Id, q, step), 0.001f);
            }
        }
    }

    [Fact]
    public void Get_ConstantSeries_IsExactAndMissingOnesAreMissing()
    {
        var quantiles = new float[ForecastShape.PerServer];
        Array.Fill(quantiles, 45.5f);
        for (var step = 0; step < 96; step++)
            quantiles.AsSpan(ForecastShape.At(step, (int)Metric.JavaCpu), 3).Fill(float.NaN);
        var store = new QuantizedForecasts(1);
        store.Set(0, quantiles);
        Assert.Equal(45.5f, store.Get(0, Metric.DiskUsage, 2, 40));
        Assert.True(store.Has(0, Metric.DiskUsage));
        Assert.False(store.Has(0, Metric.JavaCpu));
    }

    [Fact]
    public void Get_OrderedQuantiles_StayOrdered()
    {
        var random = new Random(6);
        var quantiles = new float[ForecastShape.PerServer];
        for (var step = 0; step < 96; step++)
            ForecastShape.Write(quantiles, step, MetricCatalog.Get(Metric.MemUsed), 70, 70 + (1e-4f * random.NextSingle()), 100 * random.NextSingle());
        var store = new QuantizedForecasts(1);
        store.Set(0, quantiles);
        for (var step = 0; step < 96; step++)
        {
            Assert.True(store.Get(0, Metric.MemUsed, 0, step) <= store.Get(0, Metric.MemUsed, 1, step));
            Assert.True(store.Get(0, Metric.MemUsed, 1, step) <= store.Get(0, Metric.MemUsed, 2, step));
        }
    }
}
