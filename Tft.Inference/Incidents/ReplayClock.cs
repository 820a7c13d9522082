namespace Tft.Inference.Incidents;

/// <summary>The time of a replay: it stands until it is set.</summary>
internal sealed class ReplayClock : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => _now;

    /// <param name="seconds">Unix time.</param>
    public void Set(long seconds) => _now = DateTimeOffset.FromUnixTimeSeconds(seconds);
}
