using System.Diagnostics.Metrics;
using Tft.Inference.Forecasts.Snapshots;

namespace Tft.Inference.Forecasts.Online;

/// <summary>How the published bands do, and where the networks are not served.</summary>
internal sealed class OnlineTelemetry
{
    public const string MeterName = "tft.online";

    private static readonly KeyValuePair<string, object?> s_covered = new("outcome", "covered");
    private static readonly KeyValuePair<string, object?> s_below = new("outcome", "below");
    private static readonly KeyValuePair<string, object?> s_above = new("outcome", "above");
    private readonly Counter<long> _outcomes;
    private readonly Counter<long> _lost;
    private int _followed;

    public OnlineTelemetry(IMeterFactory meters, SnapshotStore snapshots)
    {
        var meter = meters.Create(MeterName);
        _outcomes = meter.CreateCounter<long>("tft.online.outcomes", "{value}", "Values that were compared with the band published for them, by outcome (covered, below, above).");
        _lost = meter.CreateCounter<long>("tft.online.lost", "{forecast}", "Followed forecasts that could not be compared: nothing came in time.");
        meter.CreateObservableGauge("tft.online.servers", () => Volatile.Read(ref _followed), "{server}", "Servers whose forecasts follow what came.");
        meter.CreateObservableGauge("tft.online.rejected", () => snapshots.Current.Totals.RejectedSeries, "{series}", "Series on which the networks lose and the base is served.");
    }

    public void Count(in Outcomes outcomes)
    {
        if (outcomes.Covered > 0)
            _outcomes.Add(outcomes.Covered, s_covered);
        if (outcomes.Below > 0)
            _outcomes.Add(outcomes.Below, s_below);
        if (outcomes.Above > 0)
            _outcomes.Add(outcomes.Above, s_above);
        Lost(outcomes.Lost);
    }

    public void Lost(int forecasts)
    {
        if (forecasts > 0)
            _lost.Add(forecasts);
    }

    public void Followed(int change) => Interlocked.Add(ref _followed, change);
}
