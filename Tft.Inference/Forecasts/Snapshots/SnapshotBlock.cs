namespace Tft.Inference.Forecasts.Snapshots;

/// <summary>
/// 256 servers of one snapshot: immutable, replaced as a whole when one of its servers changes, shared by all snapshots until then.
/// What is derived of it (JSON) hangs on it and goes with it.
/// </summary>
internal sealed class SnapshotBlock
{
    public const int Size = 256;

    private object? _derived;

    public SnapshotBlock(int index, ServerSnapshot?[] servers, QuantizedForecasts forecasts, DateTimeOffset time)
    {
        Index = index;
        Servers = servers;
        Forecasts = forecasts;
        Time = time;
        Totals = FleetTotals.Of(servers);
    }

    public int Index { get; }

    /// <summary>Number of the first server.</summary>
    public int First => Index * Size;

    /// <summary>By position in the block; null where a server is retired.</summary>
    public ServerSnapshot?[] Servers { get; }

    public QuantizedForecasts Forecasts { get; }

    /// <summary>When it was published: what <c>data_age_s</c> is measured from.</summary>
    public DateTimeOffset Time { get; }

    public FleetTotals Totals { get; }

    /// <summary>Makes something of this block once and keeps it as long as the block lives. Two first callers may both make it; one result is kept.</summary>
    public T Derive<T>(Func<SnapshotBlock, T> make)
        where T : class =>
        (T)(Volatile.Read(ref _derived) ?? Interlocked.CompareExchange(ref _derived, make(this), null) ?? _derived);
}
