using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Tft.ServiceDefaults.Prometheus;

/// <summary>
/// Listens to this application's meters and writes what they measured as Prometheus text. Recording finds its series without
/// a lock or an allocation; scrapes take turns.
/// </summary>
internal sealed class MetricRegistry : IHostedService, IDisposable
{
    private static readonly string[] Meters =
        ["tft", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Net.Http", "System.Runtime"];

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _factory;
    private readonly IMetricsBlock[] _blocks;
    private readonly Lock _scraping = new();
    private long _scrape;
    private long _dropped;

    [ActivatorUtilitiesConstructor]
    public MetricRegistry(IMeterFactory factory, IEnumerable<IMetricsBlock> blocks)
    {
        _factory = factory;
        _blocks = [.. blocks];
        _listener.InstrumentPublished = Published;
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record((double)value, tags, state));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    public void Write(IBufferWriter<byte> output)
    {
        var writer = new PrometheusWriter(output);
        lock (_scraping)
        {
            _scrape++;
            _listener.RecordObservableInstruments();
            foreach (var (_, family) in _families.OrderBy(f => f.Key, StringComparer.Ordinal)) family.Write(writer, _scrape);
        }

        writer.Family("tft_metrics_dropped_total", "counter", "Measurements not kept: more label sets than allowed, or a name with two meanings.");
        writer.Sample("tft_metrics_dropped_total").Value(Interlocked.Read(ref _dropped));
        foreach (var block in _blocks) block.Write(writer);
    }

    private void Published(Instrument instrument, MeterListener listener)
    {
        // A meter made by another application's factory in this process (tests) is not ours.
        if (instrument.Meter.Scope is IMeterFactory factory && !ReferenceEquals(factory, _factory)) return;
        if (!Meters.Any(prefix => instrument.Meter.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))) return;

        var kind = KindOf(instrument);
        var name = MetricNames.Of(instrument, kind);
        var family = _families.GetOrAdd(name, _ => new MetricFamily(name, instrument, kind, Bounds(instrument)));
        if (family.Kind == kind) listener.EnableMeasurementEvents(instrument, family);
        else Interlocked.Increment(ref _dropped);
    }

    private void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (!((MetricFamily)state!).Record(value, tags, _scrape)) Interlocked.Increment(ref _dropped);
    }

    private static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        if (!type.IsGenericType) return MetricKind.Gauge;
        var kind = type.GetGenericTypeDefinition();
        if (kind == typeof(Histogram<>)) return MetricKind.Histogram;
        return kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>) ? MetricKind.Counter : MetricKind.Gauge;
    }

    private static IReadOnlyList<double>? Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> h => h.Advice?.HistogramBucketBoundaries,
        Histogram<float> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b).ToArray(),
        Histogram<long> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b).ToArray(),
        Histogram<int> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b).ToArray(),
        _ => null,
    };
}
