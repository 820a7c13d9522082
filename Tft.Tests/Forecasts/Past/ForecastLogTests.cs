using Microsoft.Extensions.Logging.Abstractions;
using Tft.Contract.Metrics;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Past;
using Tft.Inference.LongHistory;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Forecasts.Past;

[Trait("Ring", "unit")]
public sealed class ForecastLogTests : IDisposable
{
    private const long Origin = 1_760_000;

    private readonly TempFolder _folder = new();

    [Fact]
    public void Read_WhatWasTaken_IsAtItsTargetsByLead()
    {
        var log = Log();
        log.Take("a/b", Origin, Forecast(70));

        var kept = log.Read("a/b", Origin - 96, Origin);

        for (var lead = 0; lead < PastLeads.Count; lead++)
        {
            var steps = PastLeads.Steps[lead];
            Assert.True(kept.TryGet(Origin + steps, lead, Metric.MemUsed, out var band));
            Assert.Equal(70 + (steps / 100f), band.P50, 0.001);
            Assert.Equal(band.P50 - 0.1f, band.P10, 0.001);
            Assert.Equal(band.P50 + 0.2f, band.P90, 0.001);
            Assert.False(kept.TryGet(Origin + steps + 1, lead, Metric.MemUsed, out _));
            // not forecast
            Assert.False(kept.TryGet(Origin + steps, lead, Metric.JavaCpu, out _));
        }

        Assert.False(log.Read("b", Origin - 96, Origin).TryGet(Origin + 6, 0, Metric.MemUsed, out _));
    }

    [Fact]
    public void Read_AfterARestart_IsThereAndTheLastOfTwoHolds()
    {
        var log = Log();
        log.Take("server", Origin, Forecast(70));
        log.Take("server", Origin, Forecast(80));
        log.Flush();

        Assert.True(Log().Read("server", Origin, Origin).TryGet(Origin + 12, 1, Metric.MemUsed, out var band));
        Assert.Equal(80.12f, band.P50, 0.001);
    }

    [Fact]
    public void Read_DamagedRecord_IsAGapAndItsNeighbourIsNot()
    {
        var log = Log();
        log.Take("server", Origin, Forecast(70));
        log.Take("server", Origin + 1, Forecast(71));
        log.Flush();
        var file = Assert.Single(Directory.GetFiles(_folder.Path, "*.tft", SearchOption.AllDirectories));
        var bytes = File.ReadAllBytes(file);
        bytes[^10] ^= 1;
        File.WriteAllBytes(file, bytes);

        var kept = log.Read("server", Origin, Origin + 1);

        Assert.True(kept.TryGet(Origin + 6, 0, Metric.MemUsed, out _));
        Assert.False(kept.TryGet(Origin + 7, 0, Metric.MemUsed, out _));
        File.WriteAllText(file, "something else");
        Assert.False(log.Read("server", Origin, Origin).TryGet(Origin + 6, 0, Metric.MemUsed, out _));
    }

    [Fact]
    public void Flush_WhatCannotBeWritten_WaitsAndIsWrittenLater()
    {
        File.WriteAllText(_folder.File("forecasts"), "in the way");
        var log = Log();
        log.Take("server", Origin, Forecast(70));
        log.Flush();
        Assert.Contains("can't be written", log.Fault, StringComparison.Ordinal);

        File.Delete(_folder.File("forecasts"));
        log.Flush();

        Assert.Null(log.Fault);
        Assert.True(log.Read("server", Origin, Origin).TryGet(Origin + 6, 0, Metric.MemUsed, out _));
    }

    [Fact]
    public void Take_MoreThanMayWait_IsLostAndCounted()
    {
        var log = Log();
        var forecast = Forecast(70);
        for (var i = 0; i < ForecastLog.MostWaiting + 3; i++)
            log.Take("server", Origin, forecast);
        Assert.Equal(3, log.Lost);
    }

    [Fact]
    public void Expire_DaysBeforeWhatIsKept_AreDeletedWhole()
    {
        var log = Log(days: 2);
        for (var day = 0; day < 8; day++)
            log.Take("server", Origin + (day * 288), Forecast(70));
        log.Flush();

        log.Expire();

        Assert.Equal(5, Directory.GetDirectories(_folder.File("forecasts")).Length);
        Assert.False(log.Read("server", Origin, Origin).TryGet(Origin + 6, 0, Metric.MemUsed, out _));
        Assert.True(log.Read("server", Origin, Origin + (7 * 288)).TryGet(Origin + (7 * 288) + 6, 0, Metric.MemUsed, out _));
    }

    [Theory]
    [InlineData(12.3472f, true)]
    [InlineData(12.3473f, true)]
    [InlineData(12.36f, false)]
    public void Covers_WhatNeverErrs_HoldsAtThePrecisionThatWasKept(float came, bool covered)
    {
        // a clock: no width, and eight hours on a third of a day higher
        var quantiles = Forecast(0);
        for (var step = 0; step < ForecastShape.Steps; step++)
            quantiles.AsSpan(ForecastShape.At(step, (int)Metric.UptimeDays), 3).Fill(12.3472f - ((95 - step) / 288f));
        var record = new byte[ForecastRecord.Bytes];
        ForecastRecord.Write(Origin, quantiles, record);

        Assert.Equal(covered, ForecastRecord.Read(record, 3, Metric.UptimeDays).Covers(came));
    }

    public void Dispose() => _folder.Dispose();

    private ForecastLog Log(int days = 14) => new(new HistoryOptions(days, _folder.File("history"), _folder.File("forecasts")), NullLogger<ForecastLog>.Instance);

    /// <summary>Memory rises by a hundredth a step from a level; nothing else is forecast.</summary>
    private static float[] Forecast(float level)
    {
        var quantiles = new float[ForecastShape.PerServer];
        Array.Fill(quantiles, float.NaN);
        for (var step = 0; step < ForecastShape.Steps; step++)
        {
            var middle = level + ((step + 1) / 100f);
            var at = ForecastShape.At(step, (int)Metric.MemUsed);
            (quantiles[at], quantiles[at + 1], quantiles[at + 2]) = (middle - 0.1f, middle, middle + 0.2f);
        }

        return quantiles;
    }
}
