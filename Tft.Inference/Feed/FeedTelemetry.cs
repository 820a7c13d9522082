using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tft.Inference.Windows;

namespace Tft.Inference.Feed;

/// <summary>Spans and metrics of the way in.</summary>
internal sealed class FeedTelemetry
{
    public const string MeterName = "tft.feed";

    public static readonly ActivitySource Spans = new("Tft.Inference");

    private readonly Counter<long> _records;
    private readonly Counter<long> _rejected;

    public FeedTelemetry(IMeterFactory meters, FleetWindows windows, TimeProvider clock)
    {
        var meter = meters.Create(MeterName);
        _records = meter.CreateCounter<long>("tft.feed.records", "{record}", "Records taken, by source and outcome: accepted or duplicate.");
        _rejected = meter.CreateCounter<long>("tft.feed.rejected", "{record}", "Records refused, by source and code.");
        meter.CreateObservableGauge(
            "tft.window.servers",
            () => new Measurement<int>[]
            {
                new(windows.Ready, new KeyValuePair<string, object?>("state", "ready")),
                new(windows.Active - windows.Ready, new KeyValuePair<string, object?>("state", "warming")),
            },
            "{server}",
            "Servers with a window, by state.");
        meter.CreateObservableGauge(
            "tft.window.lag",
            () => Lags(windows, clock.GetUtcNow()),
            "s",
            "How far the newest record of a source lies behind the clock.");
    }

    public void Taken(string source, int accepted, int duplicates)
    {
        if (accepted > 0)
            _records.Add(accepted, new("source", source), new("outcome", "accepted"));
        if (duplicates > 0)
            _records.Add(duplicates, new("source", source), new("outcome", "duplicate"));
    }

    public void Rejected(string source, string code, int records) => _rejected.Add(records, new("source", source), new("code", code));

    private static List<Measurement<double>> Lags(FleetWindows windows, DateTimeOffset now)
    {
        List<Measurement<double>> lags = [];
        foreach (var source in windows.Sources.All)
            lags.Add(new Measurement<double>(source.LagSeconds(now), new KeyValuePair<string, object?>("source", source.Name)));
        return lags;
    }
}
