namespace Tft.Inference.Otlp.Mapping;

/// <summary>The running totals that a host sent last; immutable, so that a batch that is not kept leaves them as they were.</summary>
internal sealed record HostCounters
{
    /// <summary>Network series of one host that are followed; the others are left out.</summary>
    public const int MaxSeries = 512;

    public static HostCounters None { get; } = new();

    public CpuTotals? Cpu { get; init; }

    /// <summary>Unix ns of the network totals.</summary>
    public ulong NetworkTime { get; init; }

    /// <summary>Bytes by series.</summary>
    public IReadOnlyDictionary<ulong, double> Network { get; init; } = new Dictionary<ulong, double>();

    public ulong Newest => Math.Max(Cpu?.Time ?? 0, NetworkTime);
}

/// <summary>Seconds of all CPUs by state.</summary>
/// <param name="Time">Unix ns.</param>
/// <param name="Start">Unix ns; another one is a restart.</param>
/// <param name="Series">Totals that were added: another number is another set of CPUs.</param>
/// <param name="Seconds">By <see cref="CpuState"/>.</param>
internal sealed record CpuTotals(ulong Time, ulong Start, int Series, double[] Seconds);
