using Tft.Forecasting.Models;
using Tft.Forecasting.Training;
using Tft.Inference.Commands.Train;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Commands;

[Trait("Ring", "unit")]
public sealed class ProgressLineTests
{
    private static readonly ModelTrainingOptions s_training = new() { Networks = 2, Steps = 1000, NearNetworks = 2, NearSteps = 4000, Batch = 10 };

    [Fact]
    public void TryParse_WhatReportWrites_IsTheSame()
    {
        var output = new StringWriter();
        // 1,500 steps are left, and 8,000 for the next hour, of a quarter of the work: 350 s at 10 a second
        new ProgressLine(output, terminal: false, new FakeTimeProvider(), new TrainingPace(s_training)).Report(0, At(500, 1000, windowsPerSecond: 100));

        Assert.Contains(" 12.5 % of all, 00:05:50 left", output.ToString(), StringComparison.Ordinal);
        Assert.True(ProgressLine.TryParse(output.ToString().TrimEnd('\n'), out var p));
        Assert.Equal(new ReportedProgress(1, 4, 500, 1000, 0.3123, 100, 12.5, TimeSpan.FromSeconds(350)), p);
    }

    [Fact]
    public void Report_NoRateYet_LeavesTheTimeOut()
    {
        var output = new StringWriter();
        new ProgressLine(output, terminal: false, new FakeTimeProvider(), new TrainingPace(s_training)).Report(0, At(1, 1000, windowsPerSecond: 0));

        Assert.True(ProgressLine.TryParse(output.ToString().TrimEnd('\n'), out var p));
        Assert.Null(p.Remaining);
    }

    [Fact]
    public void Pace_ANetworkForTheNextHour_CountsByItsOwnStepsAndRate()
    {
        var pace = new TrainingPace(s_training);
        // 2,000 units of far steps, 2,000 of near ones
        Assert.Equal((0.5, TimeSpan.FromSeconds(200)), pace.At(1, At(1000, 1000, windowsPerSecond: 100)));
        // measured, a near step is faster than assumed: 80 a second
        Assert.Equal((0.625, TimeSpan.FromSeconds(75)), pace.At(2, At(2000, 4000, windowsPerSecond: 800)));
        Assert.Equal((1.0, TimeSpan.Zero), pace.At(3, At(4000, 4000, windowsPerSecond: 800)));
    }

    [Fact]
    public void Pace_ResumedAmongTheNetworksForTheNextHour_NeedsNoRateOfTheOthers() =>
        Assert.Equal((0.75, TimeSpan.FromSeconds(50)), new TrainingPace(s_training).At(2, At(4000, 4000, windowsPerSecond: 800)));

    [Theory]
    [InlineData("")]
    [InlineData("8 servers, 152 series, 30 days to fit on")]
    [InlineData("network 1 goes on at step 60")]
    public void TryParse_AnotherLine_IsNone(string line) => Assert.False(ProgressLine.TryParse(line, out _));

    private static TrainingProgress At(int step, int steps, double windowsPerSecond) =>
        new(step, steps, 0, step * 10, windowsPerSecond, TimeSpan.Zero, 0.31234, 1e-3, double.NaN, double.NaN);
}
