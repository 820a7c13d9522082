using System.Text;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;

namespace Tft.Tests.Contract;

[Trait("Ring", "unit")]
public sealed class RuleTests
{
    [Theory]
    [InlineData(4f, 50f, double.NaN, "2025-10-17T12:00:00Z", ServerState.CriticalIssue)]
    [InlineData(60f, 96f, double.NaN, "2025-10-17T12:00:00Z", ServerState.CriticalIssue)]
    [InlineData(60f, 50f, 0.71, "2025-10-17T12:00:00Z", ServerState.CriticalIssue)]
    [InlineData(60f, 50f, 0.7, "2025-10-17T12:00:00Z", ServerState.Healthy)]
    [InlineData(19f, 50f, double.NaN, "2025-10-17T12:00:00Z", ServerState.HeavyLoad)]
    [InlineData(5f, 50f, double.NaN, "2025-10-17T12:00:00Z", ServerState.HeavyLoad)]
    [InlineData(96f, 9f, double.NaN, "2025-10-17T10:00:00Z", ServerState.Idle)]
    [InlineData(60f, 50f, double.NaN, "2025-10-17T09:00:00Z", ServerState.MorningSpike)]
    [InlineData(60f, 50f, double.NaN, "2025-10-17T11:59:59Z", ServerState.MorningSpike)]
    [InlineData(60f, 50f, double.NaN, "2025-10-18T10:00:00Z", ServerState.Healthy)]
    public void Derive_ByCpuMemoryAndHour_GivesTheStateOfTheRule(float idle, float memory, double anomaly, string time, ServerState expected)
    {
        var values = MetricValues.Missing;
        values.Set(Metric.CpuIdle, idle);
        values.Set(Metric.MemUsed, memory);

        Assert.Equal(expected, StateRule.Derive(values, anomaly, DateTimeOffset.Parse(time).ToUnixTimeSeconds(), FleetCalendar.Utc));
    }

    [Fact]
    public void Derive_WithoutIdle_AddsTheParts()
    {
        var values = MetricValues.Missing;
        values.Set(Metric.CpuUser, 60);
        values.Set(Metric.CpuSys, 30);
        values.Set(Metric.CpuIoWait, 6);

        Assert.Equal(ServerState.CriticalIssue, StateRule.Derive(values, double.NaN, 0, FleetCalendar.Utc));
    }

    [Fact]
    public void Hour_InAZoneWithSummerTime_FollowsIt()
    {
        var calendar = new FleetCalendar(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

        Assert.Equal(14, calendar.Hour(DateTimeOffset.Parse("2025-07-01T12:00:00Z").ToUnixTimeSeconds()));
        Assert.Equal(13, calendar.Hour(DateTimeOffset.Parse("2025-12-01T12:00:00Z").ToUnixTimeSeconds()));
        Assert.False(calendar.IsWorkDay(DateTimeOffset.Parse("2025-10-17T22:30:00Z").ToUnixTimeSeconds()));
        Assert.True(calendar.IsWorkDay(DateTimeOffset.Parse("2025-10-17T07:00:00Z").ToUnixTimeSeconds()));
    }

    [Theory]
    [InlineData("2025-10-17T12:00:00Z", "2025-10-17T12:00:00Z")]
    [InlineData("2025-10-17T12:00:00", "2025-10-17T12:00:00Z")]
    [InlineData("2025-10-17 12:00:00.999999", "2025-10-17T12:00:00Z")]
    [InlineData("2025-10-17T14:00:00+02:00", "2025-10-17T12:00:00Z")]
    [InlineData("2025-10-17T06:30:00.5-0530", "2025-10-17T12:00:00Z")]
    [InlineData("2025-10-17T14:00+02", "2025-10-17T12:00:00Z")]
    [InlineData("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z")]
    [InlineData("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z")]
    [InlineData("2025-02-29T00:00:00Z", null)]
    [InlineData("2025-13-01T00:00:00Z", null)]
    [InlineData("2025-10-17T24:00:00Z", null)]
    [InlineData("2025-10-17T12:60:00Z", null)]
    [InlineData("2025-10-17T12:00:00ZZ", null)]
    [InlineData("2025-10-17T12:00:00+2:00", null)]
    [InlineData("2025-10-17T12:00:00.Z", null)]
    [InlineData("2025-10-17", null)]
    [InlineData("1969-12-31T23:59:59Z", null)]
    [InlineData("", null)]
    public void TryParse_FormsOfTheContract_GiveTheMoment(string text, string? expected)
    {
        var parsed = Iso8601.TryParse(Encoding.UTF8.GetBytes(text), out var seconds);

        Assert.Equal(expected is not null, parsed);
        if (expected is not null)
            Assert.Equal(DateTimeOffset.Parse(expected).ToUnixTimeSeconds(), seconds);
    }

    [Fact]
    public void TryParse_EveryDayOf200Years_AgreesWithThePlatform()
    {
        for (var day = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc); day.Year < 2170; day = day.AddDays(1))
        {
            Assert.True(Iso8601.TryParse(Encoding.UTF8.GetBytes(day.ToString("yyyy-MM-dd'T'00:00:00'Z'")), out var seconds));
            Assert.Equal(new DateTimeOffset(day).ToUnixTimeSeconds(), seconds);
        }
    }

    [Theory]
    [InlineData("ppml0001", ServerProfile.MlCompute)]
    [InlineData("pprisk7", ServerProfile.RiskAnalytics)]
    [InlineData("pp", ServerProfile.Generic)]
    [InlineData("PPML1", ServerProfile.Generic)]
    public void Of_DefaultRules_GoByPrefix(string name, ServerProfile expected) =>
        Assert.Equal(expected, ProfileRules.Default.Of(name));

    [Fact]
    public void Of_OwnRules_FirstMatchWins()
    {
        var rules = new ProfileRules([ProfileRule.Matching("^db[0-9]+", ServerProfile.Database), ProfileRule.Prefix("d", ServerProfile.WebApi)]);

        Assert.Equal([ServerProfile.Database, ServerProfile.WebApi, ServerProfile.Generic], new[] { "db1", "dx", "x" }.Select(rules.Of));
        Assert.ThrowsAny<ArgumentException>(() => ProfileRule.Matching("(", ServerProfile.Generic));
        Assert.ThrowsAny<ArgumentException>(() => ProfileRule.Matching("(a)\\1", ServerProfile.Generic));
    }
}
