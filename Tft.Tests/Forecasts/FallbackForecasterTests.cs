using Tft.Contract.Metrics;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Fallback;
using Tft.Inference.Windows;
using Tft.Tests.Serving;

namespace Tft.Tests.Forecasts;

[Trait("Ring", "unit")]
public sealed class FallbackForecasterTests
{
    [Theory]
    [InlineData(0, 0, "warming_up")]
    [InlineData(35, 35, "warming_up")]
    [InlineData(36, 36, "short_window")]
    [InlineData(287, 287, "short_window")]
    [InlineData(288, 200, "sparse_window")]
    [InlineData(288, 231, null)]
    public void ReasonOf_Window_IsThatOfTheContract(int known, int measured, string? reason) =>
        Assert.Equal(reason, FallbackForecaster.ReasonOf(new WindowInfo(0, known, measured)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(35)]
    [InlineData(36)]
    [InlineData(100)]
    [InlineData(288)]
    public void Forecast_AnyLength_QuantilesNeverCrossAndStayInRange(int steps)
    {
        var random = new Random(steps);
        var forecast = Forecast(steps, _ =>
        {
            var row = MetricValues.Missing;
            foreach (var metric in MetricCatalog.All)
                row.Set(metric.Id, random.NextSingle() < 0.1f ? float.NaN : metric.IsPercent ? 100 * random.NextSingle() : 1000 * random.NextSingle());
            row.Set(Metric.MemUsed, 50);
            return row;
        });
        foreach (var metric in MetricCatalog.All)
        {
            for (var step = 0; step < 96; step++)
            {
                var at = ForecastShape.At(step, (int)metric.Id);
                if (float.IsNaN(forecast[at + 1]))
                    continue;
                Assert.True(forecast[at] <= forecast[at + 1] && forecast[at + 1] <= forecast[at + 2], $"{metric.Name} {step}");
                Assert.InRange(forecast[at], metric.Min, metric.Max);
                Assert.InRange(forecast[at + 2], metric.Min, metric.Max);
            }
        }
    }

    [Fact]
    public void Forecast_MetricNeverMeasured_IsMissingAndTheOthersAreNot()
    {
        var forecast = Forecast(288, i => Rows.Calm(i).With(Metric.JavaCpu, float.NaN));
        Assert.True(float.IsNaN(forecast[ForecastShape.At(50, (int)Metric.JavaCpu)]));
        Assert.False(float.IsNaN(forecast[ForecastShape.At(50, (int)Metric.MemUsed)]));
    }

    [Fact]
    public void Forecast_Newcomer_IsTheLastSampleWithABandThatWidens()
    {
        var forecast = Forecast(0, i => Rows.Calm(i).With(Metric.MemUsed, 61.5f));
        var (near, far) = (ForecastShape.At(0, (int)Metric.MemUsed), ForecastShape.At(95, (int)Metric.MemUsed));
        Assert.Equal(61.5f, forecast[near + 1]);
        Assert.Equal(61.5f, forecast[far + 1]);
        Assert.True(forecast[far + 2] - forecast[far] > forecast[near + 2] - forecast[near]);
        Assert.True(forecast[near + 2] > forecast[near]);
    }

    [Fact]
    public void Forecast_KnownDay_FollowsYesterdaysShape()
    {
        // yesterday at this time of day + 4 h, CPU use was 30 points higher for two hours
        var forecast = Forecast(288, i => Rows.Calm(0).With(Metric.CpuUser, i is >= 48 and < 72 ? 50 : 20));
        Assert.InRange(forecast[ForecastShape.At(58, (int)Metric.CpuUser) + 1], 45, 55);
        Assert.InRange(forecast[ForecastShape.At(30, (int)Metric.CpuUser) + 1], 15, 25);
        Assert.InRange(forecast[ForecastShape.At(90, (int)Metric.CpuUser) + 1], 15, 25);
    }

    [Fact]
    public void Forecast_HalfADay_ReturnsTowardsTheMean()
    {
        var random = new Random(1);
        var value = 0f;
        var forecast = Forecast(150, i =>
        {
            value = (0.9f * value) + random.NextSingle() - 0.5f;
            return Rows.Calm(0).With(Metric.NetIn, i >= 148 ? 30 : 20 + value);
        });
        var near = forecast[ForecastShape.At(0, (int)Metric.NetIn) + 1];
        var far = forecast[ForecastShape.At(95, (int)Metric.NetIn) + 1];
        Assert.True(near > 22, $"near {near}");
        Assert.InRange(far, 19.5f, 21);
    }

    [Fact]
    public void Forecast_Uptime_GoesOnCounting()
    {
        var forecast = Forecast(288, Rowed);
        Assert.Equal(Rowed(287).Get(Metric.UptimeDays) + (95f / 288), forecast[ForecastShape.At(95, (int)Metric.UptimeDays) + 1], 2);
        static MetricValues Rowed(int i) => Rows.Calm(i);
    }

    [Fact]
    public void Forecast_NoisyDay_BandCoversAboutFourInFive()
    {
        var random = new Random(11);
        float Next(int i) => 40 + (10 * MathF.Sin(i * 2 * MathF.PI / 288)) + (3 * (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f));
        var inside = 0;
        const int runs = 60;
        for (var run = 0; run < runs; run++)
        {
            var forecast = Forecast(288, i => Rows.Calm(0).With(Metric.CpuUser, Next(i)));
            for (var step = 0; step < 96; step++)
            {
                var at = ForecastShape.At(step, (int)Metric.CpuUser);
                var actual = Next(288 + step);
                inside += actual >= forecast[at] && actual <= forecast[at + 2] ? 1 : 0;
            }
        }

        Assert.InRange(inside / (runs * 96.0), 0.7, 0.97);
    }

    [Fact]
    public void Forecast_Batch_AllocatesNothing()
    {
        var windows = new FakeFleetWindows();
        for (var i = 0; i < 4; i++)
            windows.Add($"s{i}", 288, 1000, step => Rows.Calm(step));
        var batch = new ForecastBatch(4);
        batch.Fill(windows, [0, 1, 2, 3]);
        var forecaster = new FallbackForecaster();
        forecaster.Forecast(batch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        forecaster.Forecast(batch);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.All(batch.Notes.ToArray(), note => Assert.Equal(("fallback", "no_model"), (note.ModelType, note.FallbackReason)));
    }

    private static float[] Forecast(int steps, Func<int, MetricValues> row)
    {
        var windows = new FakeFleetWindows();
        windows.Add("server", steps, 1000, row);
        var batch = new ForecastBatch(1);
        batch.Fill(windows, [0]);
        new FallbackForecaster().Forecast(batch);
        return batch.Quantiles(0).ToArray();
    }
}
