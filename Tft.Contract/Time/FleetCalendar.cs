namespace Tft.Contract.Time;

/// <summary>Hours and work days in the fleet's time zone (<c>Tft:TimeZone</c>). Safe for many threads.</summary>
public sealed class FleetCalendar(TimeZoneInfo zone)
{
    // offsets change on quarter hours at the earliest, so one lookup serves all records of a quarter
    private const int BlockSeconds = 900;
    private const int OffsetBits = 20;
    private const int OffsetBias = 1 << (OffsetBits - 1);

    /// <summary>Last looked-up quarter and its offset in one word, so that it is read and written whole.</summary>
    private long _last = Pack(long.MinValue >> OffsetBits, 0);

    public static FleetCalendar Utc { get; } = new(TimeZoneInfo.Utc);

    public TimeZoneInfo Zone => zone;

    /// <summary>Offset from UTC in seconds at a Unix time.</summary>
    public int OffsetSeconds(long unixSeconds)
    {
        if (ReferenceEquals(zone, TimeZoneInfo.Utc))
            return 0;
        var block = Math.DivRem(unixSeconds, BlockSeconds).Quotient;
        var last = Volatile.Read(ref _last);
        if (last >> OffsetBits == block)
            return (int)(last & ((1 << OffsetBits) - 1)) - OffsetBias;

        var offset = (int)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(block * BlockSeconds)).TotalSeconds;
        Volatile.Write(ref _last, Pack(block, offset));
        return offset;
    }

    /// <summary>Hour of the day there, 0 to 23.</summary>
    public int Hour(long unixSeconds)
    {
        var local = unixSeconds + OffsetSeconds(unixSeconds);
        return (int)(((local % 86_400) + 86_400) % 86_400 / 3_600);
    }

    /// <summary>Monday to Friday there.</summary>
    public bool IsWorkDay(long unixSeconds)
    {
        var local = unixSeconds + OffsetSeconds(unixSeconds);
        var day = (local - (((local % 86_400) + 86_400) % 86_400)) / 86_400;
        // day 0 of the epoch was a Thursday
        var weekday = (((day + 4) % 7) + 7) % 7;
        return weekday is >= 1 and <= 5;
    }

    private static long Pack(long block, int offset) => (block << OffsetBits) | (uint)(offset + OffsetBias);
}
