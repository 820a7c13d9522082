using Tft.Dashboard.Charts;
using Tft.Dashboard.Fleet;

namespace Tft.Tests.Dashboard.Charts;

[Trait("Ring", "unit")]
public sealed class BandGeometryTests
{
    [Fact]
    public void Before_Gap_IsTwoBandsAndTwoLines()
    {
        var origin = DateTimeOffset.UnixEpoch.AddHours(1);
        var server = new Fakes.FakeServer("ppml0001", Tft.Contract.Servers.ServerProfile.MlCompute);
        var series = BandSeries.AllOf(server.Forecast(origin, 1), server.Measured(origin), "8h")[1];
        var before = series.Before! with { P50 = [.. series.Before.P50], P10 = [.. series.Before.P10], P90 = [.. series.Before.P90] };
        (before.P50[^20], before.P10[^20], before.P90[^20]) = (double.NaN, double.NaN, double.NaN);

        var plot = new BandGeometry(series with { Before = before }, origin.AddHours(-3), origin.AddHours(8), origin);

        Assert.Equal((2, 2), (plot.BeforePath.Count('M'), plot.BeforeBandPath.Count('Z')));
        Assert.True(plot.High >= before.P90[^1]);
        Assert.Equal("", new BandGeometry(series with { Before = null }, origin.AddHours(-3), origin.AddHours(8), origin).BeforePath);
    }

    private static readonly DateTimeOffset s_origin = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(5);

    internal static BandSeries Series(double[] measured, double[] p10, double[] p50, double[] p90, params Threshold[] thresholds) => new()
    {
        Key = "mem_used_pct",
        Label = "Memory used",
        Unit = "%",
        Ceiling = 100,
        Step = s_step,
        MeasuredFrom = s_origin - ((measured.Length - 1) * s_step),
        Measured = measured,
        ForecastFrom = s_origin + s_step,
        P10 = p10,
        P50 = p50,
        P90 = p90,
        Current = measured.Length > 0 ? measured[^1] : null,
        Thresholds = thresholds,
    };

    private static BandGeometry Plot(BandSeries series) =>
        new(series, s_origin - (10 * s_step), s_origin + (10 * s_step), s_origin);

    [Fact]
    public void Measured_Gap_LiftsThePen()
    {
        var path = Plot(Series([10, 20, double.NaN, 30, 40], [], [], [])).MeasuredPath;

        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.Equal(2, path.Count(c => c == 'L'));
    }

    [Fact]
    public void Band_OpensAtTheLastMeasuredValueAndCloses()
    {
        var plot = Plot(Series([50, 50], [40, 35], [50, 50], [60, 65]));

        Assert.StartsWith($"M{BandGeometry.Number(plot.X(s_origin))} ", plot.BandPath, StringComparison.Ordinal);
        Assert.EndsWith("Z", plot.BandPath, StringComparison.Ordinal);
        Assert.Equal(4, plot.BandPath.Count(c => c == 'L'));
        Assert.Equal(2, plot.MedianPath.Count(c => c == 'L'));
    }

    [Fact]
    public void Range_InsideTheSeries_LeavesOutWhatLiesBeside()
    {
        var series = Series([90, 20, 21, 22], [20, 20, 20, 1], [22, 22, 22, 22], [24, 24, 24, 99]);
        var ahead = new BandGeometry(series, s_origin + s_step, s_origin + (3 * s_step), s_origin);
        Assert.Equal("", ahead.MeasuredPath);
        Assert.StartsWith("M0 ", ahead.MedianPath, StringComparison.Ordinal);
        Assert.EndsWith("L1000 " + BandGeometry.Number(ahead.Y(22)), ahead.MedianPath, StringComparison.Ordinal);
        Assert.True(ahead.High < 40 && ahead.Low > 10, $"{ahead.Low} to {ahead.High} is not of this range alone");

        var behind = new BandGeometry(series, s_origin - (2 * s_step), s_origin - s_step, s_origin);
        Assert.Equal(("", ""), (behind.BandPath, behind.MedianPath));
        Assert.Equal(1, behind.MeasuredPath.Count(c => c == 'L'));
    }

    [Fact]
    public void Band_MeasurementsThatEndLongBefore_AreNotJoined()
    {
        var series = Series([50], [40], [50], [60]) with { MeasuredFrom = s_origin.AddHours(-3) };

        Assert.StartsWith($"M{BandGeometry.Number(Plot(series).X(series.ForecastFrom))} ", Plot(series).MedianPath, StringComparison.Ordinal);
    }

    [Fact]
    public void X_FromLeftToRight_HoldsNowInTheMiddle()
    {
        var plot = Plot(Series([1], [1], [1], [1]));

        Assert.Equal((0, 500, 1000), (plot.X(plot.From), plot.X(s_origin), plot.X(plot.To)));
        Assert.Equal("50%", plot.Left(s_origin));
    }

    [Theory]
    [InlineData(10, 90, 0, 100)]
    [InlineData(97, 99.500, 94, 100)]
    public void Range_Percentage_NeverLeavesItsScale(double low, double high, double atLeast, double atMost)
    {
        var plot = Plot(Series([low], [low], [low], [high]));

        Assert.InRange(plot.Low, atLeast, low);
        Assert.InRange(plot.High, high, atMost);
    }

    [Fact]
    public void Range_BandNearAThreshold_ShowsTheThreshold()
    {
        var plot = Plot(Series([86], [85], [87], [88], new Threshold(Level.Critical, 95)));

        Assert.True(plot.High > 95, $"{plot.High}");
    }

    [Fact]
    public void Range_NothingKnown_IsStillARange()
    {
        var plot = Plot(Series([], [], [], []));

        Assert.True(plot.High > plot.Low);
        Assert.Equal("", plot.MeasuredPath + plot.BandPath + plot.MedianPath);
    }

    [Fact]
    public void Crossing_BandThenMiddle_GivesBothTimesOfTheWorstThreshold()
    {
        var series = Series([80], [80, 80, 80, 80], [82, 86, 91, 95], [86, 91, 96, 99], new Threshold(Level.Watch, 85), new Threshold(Level.Warning, 90), new Threshold(Level.Critical, 95));

        var crossing = Crossing.WorstOf(series)!;

        Assert.Equal((Level.Critical, 95), (crossing.Level, crossing.Value));
        Assert.Equal(series.ForecastAt(2), crossing.ByP90);
        Assert.Equal(series.ForecastAt(3), crossing.ByP50);
    }

    [Fact]
    public void Crossing_LowIsBad_ReadsTheLowerEdge()
    {
        var series = Series([30], [22, 18, 4], [30, 25, 21], [40, 40, 40], new Threshold(Level.Watch, 20), new Threshold(Level.Critical, 5)) with { LowIsBad = true };

        var crossing = Crossing.WorstOf(series)!;

        Assert.Equal((Level.Critical, series.ForecastAt(2), null), (crossing.Level, crossing.ByP90, crossing.ByP50));
    }

    [Fact]
    public void Crossing_Calm_IsNone() =>
        Assert.Null(Crossing.WorstOf(Series([30], [20], [30], [40], new Threshold(Level.Watch, 85))));
}
