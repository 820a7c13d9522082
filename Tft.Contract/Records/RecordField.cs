using Tft.Contract.Metrics;

namespace Tft.Contract.Records;

/// <summary>Fields of a record by number: the 14 metrics first, in the order of <see cref="Metric"/>.</summary>
internal static class RecordField
{
    public const int Timestamp = MetricCatalog.Count;
    public const int ServerName = 15;
    public const int State = 16;
    public const int Profile = 17;
    public const int AnomalyScore = 18;

    /// <summary>Contract 1.</summary>
    public const int CpuPct = 19;

    /// <summary>Contract 1.</summary>
    public const int MemPct = 20;

    public const int Unknown = 255;

    private static readonly byte[][] s_names = [.. Names().Select(n => System.Text.Encoding.UTF8.GetBytes(n))];

    public static string Name(int field) => Names().ElementAt(field);

    public static int Find(ReadOnlySpan<byte> name)
    {
        var names = s_names;
        for (var i = 0; i < names.Length; i++)
        {
            if (name.SequenceEqual(names[i]))
                return i;
        }

        return Unknown;
    }

    private static IEnumerable<string> Names() =>
    [
        .. MetricCatalog.All.Select(m => m.Name),
        "timestamp", "server_name", "state", "profile", "anomaly_score", "cpu_pct", "mem_pct",
    ];
}
