using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Tft.ServiceDefaults.Prometheus;

/// <summary>One instrument's series. Past <see cref="MaxSeries"/> label sets, further ones are counted and not kept.</summary>
internal sealed class MetricFamily
{
    public const int MaxSeries = 1000;

    // OpenTelemetry's default boundaries, for instruments that advise none; they suit milliseconds, so seconds have their own.
    private static readonly double[] DefaultBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];
    private static readonly double[] SecondsBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _series = new(TagSet.Comparer);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byTags;
    private readonly Func<KeyValuePair<string, object?>[], Series> _create;
    private readonly string _help;
    private readonly bool _observed;
    private int _count;

    public MetricFamily(string name, Instrument instrument, MetricKind kind, IReadOnlyList<double>? bounds)
    {
        Name = name;
        Kind = kind;
        _help = instrument.Description ?? "";
        _observed = instrument.IsObservable;
        _byTags = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        var edges = bounds is { Count: > 0 } ? [.. bounds] : instrument.Unit == "s" ? SecondsBounds : DefaultBounds;
        var texts = Array.ConvertAll(edges, e => e.ToString(CultureInfo.InvariantCulture));
        _create = (kind, instrument.IsObservable || IsGauge(instrument)) switch
        {
            (MetricKind.Histogram, _) => tags => new HistogramSeries(tags, edges, texts),
            (_, true) => static tags => new LastSeries(tags),
            _ => static tags => new SumSeries(tags),
        };
    }

    public string Name { get; }

    public MetricKind Kind { get; }

    /// <returns>False if the measurement's label set is one too many.</returns>
    public bool Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, long scrape)
    {
        if (!_byTags.TryGetValue(tags, out var series))
        {
            if (Volatile.Read(ref _count) >= MaxSeries) return false;
            var key = tags.ToArray();
            var created = _create(key);
            series = _series.GetOrAdd(key, created);
            if (ReferenceEquals(series, created)) Interlocked.Increment(ref _count);
        }

        if (_observed) series.Seen = scrape;
        series.Record(value);
        return true;
    }

    public void Write(PrometheusWriter writer, long scrape)
    {
        if (_observed) Forget(scrape);
        if (_series.IsEmpty) return;

        writer.Family(Name, Kind switch { MetricKind.Counter => "counter", MetricKind.Gauge => "gauge", _ => "histogram" }, _help);
        foreach (var (_, series) in _series) series.Write(writer, Name);
    }

    /// <summary>What an observable instrument no longer reports is gone, and makes room.</summary>
    private void Forget(long scrape)
    {
        foreach (var (tags, series) in _series)
            if (series.Seen != scrape && _series.TryRemove(tags, out _)) Interlocked.Decrement(ref _count);
    }

    private static bool IsGauge(Instrument instrument)
        => instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Gauge<>);
}
