using System.Diagnostics.Metrics;

namespace Tft.Inference.Otlp;

/// <summary>What becomes of data points; records are counted with those of /feed.</summary>
internal sealed class OtlpTelemetry
{
    private readonly Counter<long> _points;
    private readonly Counter<long> _ignored;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _untracked;

    public OtlpTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create("tft.otlp");
        _points = meter.CreateCounter<long>("tft.otlp.points", "{point}", "Data points that went into records.");
        _ignored = meter.CreateCounter<long>("tft.otlp.ignored", "{point}", "Data points of metrics, or of states, that have no counterpart.");
        _rejected = meter.CreateCounter<long>("tft.otlp.rejected", "{point}", "Data points refused, as partial_success says.");
        _untracked = meter.CreateCounter<long>("tft.otlp.untracked", "{host}", "Pushes of hosts for whose running totals there was no room.");
    }

    public void Count(long points, long ignored, long rejected)
    {
        if (points > 0)
            _points.Add(points);
        if (ignored > 0)
            _ignored.Add(ignored);
        if (rejected > 0)
            _rejected.Add(rejected);
    }

    public void Untracked() => _untracked.Add(1);
}
