using System.Globalization;

namespace Tft.ServiceDefaults.Prometheus;

/// <summary>One line, or one histogram, of a family: a set of labels and what was measured with it.</summary>
internal abstract class Series(KeyValuePair<string, object?>[] tags)
{
    private readonly (string Name, string Value)[] _labels =
    [
        .. tags.Select(t => (MetricNames.Clean(t.Key), Convert.ToString(t.Value, CultureInfo.InvariantCulture) ?? ""))
            .DistinctBy(l => l.Item1),
    ];

    /// <summary>The scrape that last observed it; observable instruments report only what still exists.</summary>
    public long Seen { get; set; }

    public abstract void Record(double value);

    public abstract void Write(PrometheusWriter writer, string name);

    protected PrometheusWriter Begin(PrometheusWriter writer, string name, string suffix = "")
    {
        writer.Sample(name, suffix);
        foreach (var (label, value) in _labels) writer.Label(label, value);
        return writer;
    }

    protected static void Add(ref double target, double value)
    {
        double before;
        do
        {
            before = Volatile.Read(ref target);
        }
        while (Interlocked.CompareExchange(ref target, before + value, before) != before && !double.IsNaN(before));
    }
}

internal sealed class SumSeries(KeyValuePair<string, object?>[] tags) : Series(tags)
{
    private double _sum;

    public override void Record(double value) => Add(ref _sum, value);

    public override void Write(PrometheusWriter writer, string name) => Begin(writer, name).Value(Volatile.Read(ref _sum));
}

internal sealed class LastSeries(KeyValuePair<string, object?>[] tags) : Series(tags)
{
    private double _last;

    public override void Record(double value) => Volatile.Write(ref _last, value);

    public override void Write(PrometheusWriter writer, string name) => Begin(writer, name).Value(Volatile.Read(ref _last));
}

internal sealed class HistogramSeries(KeyValuePair<string, object?>[] tags, double[] bounds, string[] boundTexts) : Series(tags)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public override void Record(double value)
    {
        var at = 0;
        while (at < bounds.Length && value > bounds[at]) at++;
        Interlocked.Increment(ref _counts[at]);
        Add(ref _sum, value);
    }

    public override void Write(PrometheusWriter writer, string name)
    {
        long cumulated = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            cumulated += Volatile.Read(ref _counts[i]);
            Begin(writer, name, "_bucket").Label("le", i < bounds.Length ? boundTexts[i] : "+Inf").Value(cumulated);
        }

        Begin(writer, name, "_sum").Value(Volatile.Read(ref _sum));
        Begin(writer, name, "_count").Value(cumulated);
    }
}
