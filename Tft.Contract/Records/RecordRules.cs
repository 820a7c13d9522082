using Tft.Contract.Time;

namespace Tft.Contract.Records;

/// <summary>What a batch is checked against.</summary>
/// <param name="Calendar">The fleet's hours, for states that are derived.</param>
/// <param name="TakesContract1">True where <c>cpu_pct</c> and <c>mem_pct</c> are understood (/feed/data).</param>
public sealed record RecordRules(FleetCalendar Calendar, bool TakesContract1 = false)
{
    /// <summary>Records of one request.</summary>
    public const int MaxRecords = 50_000;

    /// <summary>Bytes of one request, after decompression.</summary>
    public const int MaxBytes = 10 << 20;

    /// <summary>Characters of a server's name.</summary>
    public const int MaxNameLength = 253;

    /// <summary>How far ahead of the service's clock a timestamp may be.</summary>
    public const int MaxAheadSeconds = 300;

    public static RecordRules Utc { get; } = new(FleetCalendar.Utc);
}
