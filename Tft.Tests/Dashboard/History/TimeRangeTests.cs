using Tft.Dashboard.History;

namespace Tft.Tests.Dashboard.History;

[Trait("Ring", "unit")]
public sealed class TimeRangeTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 2, 8, 7, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null, "2026-03-01T08:07:00Z", "2026-03-02T08:07:00Z")]
    [InlineData("now-7d", null, "2026-02-23T08:07:00Z", "2026-03-02T08:07:00Z")]
    [InlineData("now-2h", "now+8h", "2026-03-02T06:07:00Z", "2026-03-02T16:07:00Z")]
    [InlineData("now-90m", "now-30m", "2026-03-02T06:37:00Z", "2026-03-02T07:37:00Z")]
    [InlineData("2026-02-01T00:00:00Z", "2026-02-03T12:00:00Z", "2026-02-01T00:00:00Z", "2026-02-03T12:00:00Z")]
    [InlineData("2026-02-01T00:00:00", "now-1d", "2026-02-01T00:00:00Z", "2026-03-01T08:07:00Z")]
    public void Of_WhatCanBeUnderstood_HasItsEnds(string? from, string? to, string begin, string end) =>
        Assert.Equal((DateTimeOffset.Parse(begin, null), DateTimeOffset.Parse(end, null)), TimeRange.Of(from, to, s_now).At(s_now));

    [Theory]
    [InlineData("yesterday", null)]
    [InlineData("now-", null)]
    [InlineData("now-d", null)]
    [InlineData("now--5d", null)]
    [InlineData("now+1d", null)]
    [InlineData("now*1d", null)]
    [InlineData("now-99999999999d", null)]
    [InlineData("now-999999d", null)]
    [InlineData("now-1d", "now-2d")]
    [InlineData("0001-01-01", null)]
    public void Of_WhatCannot_IsTheLastDay(string? from, string? to) => Assert.Equal(TimeRange.Default, TimeRange.Of(from, to, s_now));

    [Theory]
    [InlineData(0.25, 300)]
    [InlineData(2, 300)]
    [InlineData(7, 900)]
    [InlineData(14, 1_800)]
    [InlineData(60, 14_400)]
    public void PointsOf_LongerRanges_HaveLongerPointsThatBeginOnTheirOwnGrid(double days, int seconds)
    {
        var points = TimeRange.PointsOf(s_now.AddDays(-days), s_now);
        Assert.Equal(seconds, points.Seconds);
        Assert.Equal(0, points.From.ToUnixTimeSeconds() % seconds);
        Assert.InRange(s_now.AddDays(-days) - points.From, TimeSpan.Zero, TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public void Moved_EarlierAndBack_EndsWithNow()
    {
        var earlier = TimeRange.Default.Moved(s_now, -1);
        Assert.Equal((s_now.AddHours(-36), s_now.AddHours(-12)), earlier.At(s_now));
        Assert.False(earlier.IsLive);
        Assert.Equal(TimeRange.Default.At(s_now), earlier.Moved(s_now, 1).At(s_now));
        Assert.True(earlier.Moved(s_now, 1).IsLive);
    }

    [Fact]
    public void Presets_ReachAsFarAsIsKept()
    {
        Assert.Equal(["now-6h", "now-24h", "now-2d"], TimeRange.Presets(null));
        Assert.Equal("now-14d", TimeRange.Presets(14)[^1]);
        Assert.Equal("last 7 days", TimeRange.Words("now-7d"));
    }
}
