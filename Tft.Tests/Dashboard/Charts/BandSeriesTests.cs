using Tft.Contract.Servers;
using Tft.Dashboard.Charts;
using Tft.Tests.Dashboard.Fakes;

namespace Tft.Tests.Dashboard.Charts;

[Trait("Ring", "unit")]
public sealed class BandSeriesTests
{
    private static readonly DateTimeOffset s_origin = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly FakeServer s_server = new("ppml0001", ServerProfile.MlCompute);

    [Fact]
    public void AllOf_EveryMetricOnceAndCpuUsedFirst()
    {
        var forecast = s_server.Forecast(s_origin, 1);

        var all = BandSeries.AllOf(forecast, s_server.Measured(s_origin));

        Assert.Equal(forecast.Predictions.Count + 1, all.Select(s => s.Key).Distinct().Count());
        Assert.Equal(["cpu_used_pct", "mem_used_pct", "load_average"], all.Take(3).Select(s => s.Key));
    }

    [Fact]
    public void AllOf_CpuUsed_IsIdleMirroredWithItsQuantilesInOrder()
    {
        var forecast = s_server.Forecast(s_origin, 1);
        var idle = forecast.Predictions["cpu_idle_pct"];

        var used = BandSeries.AllOf(forecast, null)[0];

        Assert.Equal(100 - idle.P90[7], used.P10[7], 6);
        Assert.Equal(100 - idle.P10[7], used.P90[7], 6);
        Assert.Equal([80, 90, 95], used.Thresholds.Select(t => t.Value));
        Assert.False(used.LowIsBad);
        Assert.True(BandSeries.AllOf(forecast, null).Single(s => s.Key == "cpu_idle_pct").LowIsBad);
    }

    [Fact]
    public void AllOf_Before_IsWhatHadBeenForecastStepByStep()
    {
        var all = BandSeries.AllOf(s_server.Forecast(s_origin, 1), s_server.Measured(s_origin), "8h");
        var (used, idle) = (all[0].Before!, all.Single(s => s.Key == "cpu_idle_pct").Before!);

        Assert.Equal((all[0].Measured.Length, "8 h"), (used.P50.Length, used.Words));
        Assert.True(double.IsNaN(used.P50[^61]));
        Assert.Equal(100 - idle.P10[^1], used.P90[^1], 6);
        Assert.Equal(100 - idle.P90[^1], used.P10[^1], 6);
        Assert.All(BandSeries.AllOf(s_server.Forecast(s_origin, 1), s_server.Measured(s_origin), "1h"), s => Assert.Null(s.Before));
        Assert.All(BandSeries.AllOf(s_server.Forecast(s_origin, 1), s_server.Measured(s_origin)), s => Assert.Null(s.Before));
    }

    [Fact]
    public void AllOf_BeforeOfAnotherLength_IsLeftOut()
    {
        var history = s_server.Measured(s_origin);
        var cut = history.Measured.ToDictionary(m => m.Key, m => (IReadOnlyList<double?>)[.. m.Value.Skip(1)]);

        Assert.All(BandSeries.AllOf(s_server.Forecast(s_origin, 1), history with { Measured = cut }, "8h"), s => Assert.Null(s.Before));
    }

    [Fact]
    public void AllOf_History_EndsAtTheOrigin()
    {
        var series = BandSeries.AllOf(s_server.Forecast(s_origin, 1), s_server.Measured(s_origin))[1];

        Assert.Equal(s_origin, series.MeasuredAt(series.Measured.Length - 1));
        Assert.Equal(s_origin.AddMinutes(5), series.ForecastAt(0));
    }
}
