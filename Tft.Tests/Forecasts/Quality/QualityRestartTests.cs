using Microsoft.Extensions.Logging;
using Tft.Contract.Metrics;
using Tft.Inference.Forecasts.Quality;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Forecasts.Quality;

/// <summary>What came of forecasts goes on after a restart as if there had been none.</summary>
[Trait("Ring", "component")]
public sealed class QualityRestartTests : IDisposable
{
    private const int Day = 288;
    private const int Stop = 400;
    private const int End = 520;

    private readonly TempFolder _folder = new();
    private readonly TempFolder _other = new();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Restart_AfterAStop_FiguresAreThoseWithoutOne()
    {
        using var without = Life(_other, 0, End);
        using (var before = Life(_folder, 0, Stop))
            before.Save();

        using var after = new QualityLife(_folder);
        after.Run(Stop - 1, Stop);
        // what had been judged is known at once
        using (var stopped = Life(_other, 0, Stop))
            AssertSame(stopped, after, Stop - 1);
        after.Run(Stop, End);

        AssertSame(without, after, End - 1);
        Assert.True(without.Of(Metric.MemUsed, End - 1).Covered < without.Of(Metric.MemUsed, End - 1).Count);
    }

    [Fact]
    public void Restart_AfterAKill_WhatCameSinceTheLastWritingIsJudgedFromTheLog()
    {
        using var without = Life(_other, 0, End);
        using var before = Life(_folder, 0, Stop - 2);
        before.Save();
        before.Run(Stop - 2, Stop);

        using var after = new QualityLife(_folder);
        after.Run(Stop - 1, End);

        var (expected, actual) = (without.Of(Metric.MemUsed, End - 1), after.Of(Metric.MemUsed, End - 1));
        Assert.Equal((expected.Count, expected.Covered), (actual.Count, actual.Covered));
        // of the two steps the values of a day before have left the window: they are not in the skill
        Assert.InRange(actual.Error, expected.Error - (2 * 2 * 10), expected.Error - 0.1);
        Assert.InRange(actual.NaiveError, expected.NaiveError - (2 * 2 * 30), expected.NaiveError - 0.1);
        AssertNeverErrs(after, End - 1);
    }

    [Fact]
    public void Restart_AKillBeforeAnythingWasWritten_JudgesWhatTheLogHolds()
    {
        using var without = Life(_other, 0, End);
        using (Life(_folder, 0, Stop))
        {
        }

        using var after = new QualityLife(_folder);
        after.Run(Stop - 1, End);

        using var stopped = Life(_other, 0, Stop);
        var before = stopped.Of(Metric.MemUsed, Stop - 1);
        var (expected, actual) = (without.Of(Metric.MemUsed, End - 1), after.Of(Metric.MemUsed, End - 1));
        Assert.Equal((expected.Count - before.Count, expected.Covered - before.Covered), (actual.Count, actual.Covered));
        Assert.Equal(expected.NaiveError - before.NaiveError, actual.NaiveError, 0.5);
    }

    /// <summary>The steps of the time without the service come in one go.</summary>
    [Fact]
    public void Restart_AfterFourHoursDown_JudgesThemByWhatHadBeenForecast()
    {
        using var without = Life(_other, 0, Stop);
        using (var before = Life(_folder, 0, Stop))
            before.Save();

        using var after = new QualityLife(_folder);
        after.Run(Stop - 1, Stop);
        after.See(Stop + 47);
        // no forecast of the last hour before the stop reaches beyond its first hour
        Assert.Equal((Stop - 12 + 12, Stop - 96 + 48), (after.Of(Metric.MemUsed, Stop, 0).Count, after.Of(Metric.MemUsed, Stop, 1).Count));
        after.Run(Stop + 48, End);

        without.See(Stop + 47);
        without.Run(Stop + 48, End);
        AssertSame(without, after, End - 1);
    }

    [Fact]
    public void Restart_AWindowThatLostItsLastSteps_JudgesThemOnce()
    {
        using var without = Life(_other, 0, End);
        using (var before = Life(_folder, 0, Stop))
            before.Save();

        using var after = new QualityLife(_folder);
        after.Run(Stop - 4, End);

        AssertSame(without, after, End - 1);
    }

    /// <summary>The clock was ten days ahead once: its days are not those of the windows.</summary>
    [Fact]
    public void Restart_WhatWasKeptIsFarAhead_IsNotWaitedFor()
    {
        using (var ahead = Life(_folder, 10 * Day, (10 * Day) + 30))
            ahead.Save();

        using var after = new QualityLife(_folder);
        after.Run(0, 30);

        Assert.Equal(30 - 12, after.Of(Metric.MemUsed, 29).Count);
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("another version")]
    public void Restart_ADamagedFile_IsSaidAndFiguresBeginAnew(string damage)
    {
        using (var before = Life(_folder, 0, Stop))
            before.Save();
        var path = _folder.File(QualityFile.Name);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, damage switch
        {
            "flipped" => [.. bytes[..1000], (byte)~bytes[1000], .. bytes[1001..]],
            "cut" => bytes[..^7],
            "empty" => [],
            _ => Sealed([1, .. bytes[1..^4]]),
        });

        using var after = new QualityLife(_folder);

        var line = Assert.Single(after.Log.Lines);
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.Contains(path, line.Text, StringComparison.Ordinal);
        Assert.True(File.Exists(path + ".broken"));
        after.Run(Stop - 1, Stop + 3);
        Assert.Equal(3 * 2, after.Of(Metric.MemUsed, Stop).Count);
        after.Save();
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Save_ServersThatWereNotSeenSinceTheStart_AreKeptForAWeek()
    {
        using (var before = new QualityLife(_folder, _clock))
        {
            before.Run(0, 20, "server1");
            before.Run(0, 20, "server2");
            before.Save();
        }

        using (var between = new QualityLife(_folder, _clock))
        {
            between.Run(20, 40, "server1");
            between.Save();
            Assert.Equal(["server1", "server2"], between.Tracker.Save().Select(s => s.Name).Order());
        }

        using (var later = new QualityLife(_folder, _clock))
        {
            Assert.Equal(2, later.Tracker.Save().Count);
            // a server's clock that is ahead is no reason to forget the others
            later.Run(8 * Day, (8 * Day) + 2, "server1");
            later.Save();
        }

        using (var after = new QualityLife(_folder, _clock))
        {
            Assert.Equal(2, after.Tracker.Save().Count);
            after.Run((8 * Day) + 2, (8 * Day) + 3, "server1");
            _clock.Advance(TimeSpan.FromDays(9));
            after.Run((8 * Day) + 3, (8 * Day) + 4, "server1");
            after.Save();
        }

        using var last = new QualityLife(_folder, _clock);
        Assert.Equal("server1", Assert.Single(last.Tracker.Save()).Name);
    }

    [Fact]
    public void Retired_Server_IsNotKept()
    {
        using (var before = Life(_folder, 0, 20))
        {
            before.Retire();
            before.Run(0, 20, "other1");
            before.Save();
        }

        using var after = new QualityLife(_folder);
        Assert.Equal("other1", Assert.Single(after.Tracker.Save()).Name);
    }

    [Fact]
    public void Restart_ADiskThatTakesTooLong_IsNotWaitedFor()
    {
        using (var before = new QualityLife(_folder))
        {
            before.Run(0, 20, "server1");
            before.Run(0, 20, "server2");
            before.Save();
        }

        using var after = new QualityLife(_folder, new SlowClock());
        after.Run(19, 24, "server1");
        after.Run(19, 24, "server2");

        // eight steps each were judged before; what waited for four is known of the first alone
        Assert.Equal((2 * 8) + 4, after.Of(Metric.MemUsed, 24).Count);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    private static QualityLife Life(TempFolder folder, int from, int to)
    {
        var life = new QualityLife(folder);
        life.Run(from, to);
        return life;
    }

    private static byte[] Sealed(byte[] content) => [.. content, .. BitConverter.GetBytes(Tft.Inference.Journal.Crc32C.Compute(content))];

    private static void AssertSame(QualityLife expected, QualityLife actual, int step)
    {
        for (var which = 0; which < 2; which++)
        {
            var (one, other) = (expected.Of(Metric.MemUsed, step, which), actual.Of(Metric.MemUsed, step, which));
            Assert.True(one.Count > 100);
            Assert.Equal((one.Count, one.Covered), (other.Count, other.Covered));
            // kept in half precision
            Assert.Equal(one.Error, other.Error, 1e-3 * one.Error);
            Assert.Equal(one.NaiveError, other.NaiveError, 1e-3 * one.NaiveError);
        }

        AssertNeverErrs(actual, step);
    }

    /// <summary>How a forecast is kept makes no error of what never errs.</summary>
    private static void AssertNeverErrs(QualityLife life, int step)
    {
        foreach (var metric in (Metric[])[Metric.SwapUsed, Metric.UptimeDays])
        {
            var sums = life.Of(metric, step);
            Assert.Equal(sums.Count, sums.Covered);
        }
    }

    /// <summary>Whatever it times has taken six seconds.</summary>
    private sealed class SlowClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks += 6 * TimeSpan.TicksPerSecond;
    }
}
