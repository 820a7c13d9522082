using Tft.Inference.SelfWatch;

namespace Tft.Tests.SelfWatch;

[Trait("Ring", "unit")]
public sealed class UptimeLogTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ShareOfDay_FirstHour_SaysNothing()
    {
        var log = new UptimeLog();
        Assert.Null(log.ShareOfDay(s_now));
        log.Up(s_now.AddMinutes(-59), s_now);
        Assert.Null(log.ShareOfDay(s_now));
    }

    [Fact]
    public void ShareOfDay_AnOutage_IsMissing()
    {
        var log = new UptimeLog();
        log.Restore([new UpRun(s_now.AddDays(-3), s_now.AddHours(-12))]);
        log.Up(s_now.AddHours(-9), s_now);
        Assert.Equal(21.0 / 24, log.ShareOfDay(s_now)!.Value, 6);
    }

    [Fact]
    public void ShareOfDay_BornToday_CountsFromThen()
    {
        var log = new UptimeLog();
        log.Up(s_now.AddHours(-4), s_now.AddHours(-2));
        log.Up(s_now.AddHours(-1), s_now);
        Assert.Equal(0.75, log.ShareOfDay(s_now)!.Value, 6);
    }

    [Fact]
    public void ShareOfDay_DownForLongerThanADay_CountsThatToo()
    {
        var log = new UptimeLog();
        log.Restore([new UpRun(s_now.AddDays(-9), s_now.AddDays(-5))]);
        log.Up(s_now.AddHours(-6), s_now);
        Assert.Equal(0.25, log.ShareOfDay(s_now)!.Value, 6);
    }

    [Fact]
    public void Up_ManyRestarts_KeepsADay()
    {
        var log = new UptimeLog();
        for (var minute = 0; minute < 3 * 24 * 60; minute += 10)
            log.Up(s_now.AddMinutes(minute), s_now.AddMinutes(minute + 9));
        Assert.InRange(log.Runs.Count, 24 * 6, 26 * 6);
        Assert.Equal(0.9, log.ShareOfDay(s_now.AddDays(3))!.Value, 2);
    }
}
