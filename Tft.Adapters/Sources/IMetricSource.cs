namespace Tft.Adapters.Sources;

/// <summary>
/// Where metrics already are. A source reads and maps; the loop owns everything else: interval, batches, retries, the cursor,
/// back-fill of newcomers, health, traces. A source is used by one loop, never by two callers at a time.
/// </summary>
internal interface IMetricSource
{
    /// <summary>False where there is no history to read: a host measures only now.</summary>
    bool HasHistory { get; }

    /// <summary>
    /// Pages of rows from the range, oldest first, each with the cursor that is right once it is acknowledged. Rows at the range's
    /// start may have been delivered before; the loop and the service drop them. Ends when there is nothing more for now.
    /// </summary>
    /// <exception cref="SourceException">The source can't be read now; the loop tries again.</exception>
    IAsyncEnumerable<SourcePage> ReadAsync(ReadRange range, CancellationToken cancellationToken);

    /// <summary>
    /// One record per server and five-minute bucket, stamped with the bucket's start, oldest bucket first: means, for counts and
    /// uptime the last value.
    /// </summary>
    IAsyncEnumerable<SourcePage> BackfillAsync(BackfillRange range, CancellationToken cancellationToken);
}

/// <summary>What to read: times from <paramref name="From"/> (inclusive), and the opaque position that the last page gave.</summary>
/// <param name="Until">A little ahead of now, since other machines' clocks are.</param>
internal sealed record ReadRange(DateTimeOffset From, DateTimeOffset Until, string? Position);

/// <summary>Closed buckets to read: [From, Until), both on the five-minute grid.</summary>
/// <param name="Servers">Null: all.</param>
internal sealed record BackfillRange(DateTimeOffset From, DateTimeOffset Until, IReadOnlySet<string>? Servers);

/// <summary>The source can't be read now, and why in words for an operator; never with a secret.</summary>
internal sealed class SourceException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The store's HTTP status, where it answered with one.</summary>
    public int? Status { get; init; }
}
