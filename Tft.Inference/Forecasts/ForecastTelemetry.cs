using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tft.Inference.Forecasts.Snapshots;

namespace Tft.Inference.Forecasts;

/// <summary>Spans and metrics of forecasting and publishing.</summary>
internal sealed class ForecastTelemetry
{
    public const string MeterName = "tft.forecast";

    public static readonly ActivitySource Source = new("Tft.Inference");

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _servers;
    private readonly Counter<long> _fallback;

    public ForecastTelemetry(IMeterFactory meters, SnapshotStore snapshots, TimeProvider time)
    {
        var meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>("tft.forecast.duration", "s", "Time from closed buckets to the published forecasts of a run.");
        _servers = meter.CreateCounter<long>("tft.forecast.servers", "{server}", "Servers forecast.");
        _fallback = meter.CreateCounter<long>("tft.forecast.fallback", "{server}", "Servers forecast by the fallback, by reason.");
        meter.CreateObservableGauge(
            "tft.snapshot.age", () => (time.GetUtcNow() - snapshots.Current.Time).TotalSeconds, "s", "Age of the published snapshot.");
        meter.CreateObservableGauge("tft.snapshot.servers", () => snapshots.Current.Totals.Servers, "{server}", "Servers in the published snapshot.");
    }

    public void Forecast(ForecastNote note)
    {
        _servers.Add(1);
        if (note.FallbackReason is { } reason)
            _fallback.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    public void Run(TimeSpan duration) => _duration.Record(duration.TotalSeconds);
}
