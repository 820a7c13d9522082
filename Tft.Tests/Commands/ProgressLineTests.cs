using Tft.Forecasting.Training;
using Tft.Inference.Commands;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Commands;

[Trait("Ring", "unit")]
public sealed class ProgressLineTests
{
    [Fact]
    public void TryParse_WhatReportWrites_IsTheSame()
    {
        var output = new StringWriter();
        new ProgressLine(output, terminal: false, new FakeTimeProvider()).Report(1, 4, new TrainingProgress(30, 120, 0, 960, 812.4, new TimeSpan(1, 2, 3, 4), 0.31234, 1e-3, double.NaN, double.NaN));

        Assert.Contains(", 26:03:04 left", output.ToString(), StringComparison.Ordinal);
        Assert.True(ProgressLine.TryParse(output.ToString().TrimEnd('\n'), out var p));
        Assert.Equal(new ReportedProgress(2, 4, 30, 120, 0.3123, 812, new TimeSpan(26, 3, 4)), p);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8 servers, 152 series, 30 days to fit on")]
    [InlineData("network 1 goes on at step 60")]
    public void TryParse_AnotherLine_IsNone(string line) => Assert.False(ProgressLine.TryParse(line, out _));
}
