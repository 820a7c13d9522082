using Tft.Contract.Metrics;
using Tft.Contract.Records;

namespace Tft.Inference.Otlp.Mapping;

/// <summary>What a request gave: records, the data points behind each, and what was left out.</summary>
internal sealed class OtlpMapping
{
    public List<MetricRecord> Records { get; } = [];

    /// <summary>Data points of each of <see cref="Records"/>.</summary>
    public List<int> Points { get; } = [];

    /// <summary>To be kept once the records are: a push that is repeated must find the totals of before.</summary>
    public List<(string Host, HostCounters Counters)> Counters { get; } = [];

    /// <summary>Collections so far, with and without a record.</summary>
    public int Collections { get; set; }

    public long Ignored { get; set; }

    public long Rejected { get; private set; }

    /// <summary>Why the first was rejected.</summary>
    public string? Why { get; private set; }

    /// <summary>A collection that gives no metric yet, as the first of a counter does, is no record.</summary>
    public void Add(string host, ulong time, in MetricValues values, int points)
    {
        if (((ReadOnlySpan<float>)values).IndexOfAnyExcept(float.NaN) < 0)
            return;
        Records.Add(new MetricRecord
        {
            Timestamp = DateTimeOffset.FromUnixTimeSeconds((long)(time / UnixNanoseconds.PerSecond)),
            ServerName = host,
            Values = values,
        });
        Points.Add(points);
    }

    public void Reject(long points, string why)
    {
        Rejected += points;
        Why ??= why;
    }
}
