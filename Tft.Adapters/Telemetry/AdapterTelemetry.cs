using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tft.Adapters.Telemetry;

/// <summary>Spans and meters of the adapters.</summary>
internal sealed class AdapterTelemetry : IDisposable
{
    public const string Name = "Tft.Adapters";

    private readonly Meter _meter;
    private readonly Counter<long> _records;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _faults;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _deadLetters;
    private double _lag = double.NaN;

    public AdapterTelemetry(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create("tft.adapters");
        _records = _meter.CreateCounter<long>("tft.adapter.records", "{record}", "Records acknowledged by the service, by outcome");
        _rejected = _meter.CreateCounter<long>("tft.adapter.rejected", "{record}", "Records that the service refused, by code");
        _faults = _meter.CreateCounter<long>("tft.adapter.faults", "{field}", "Fields and rows that could not be mapped");
        _retries = _meter.CreateCounter<long>("tft.adapter.retries", "{request}", "POSTs that had to be repeated, by reason");
        _deadLetters = _meter.CreateCounter<long>("tft.adapter.dead_letters", "{record}", "Records set aside, kept or not");
        _meter.CreateObservableGauge("tft.adapter.lag", () => _lag, "s", "Age of the newest acknowledged record");
    }

    public static ActivitySource Source { get; } = new(Name);

    public void Acknowledged(long accepted, long duplicates)
    {
        _records.Add(accepted, new KeyValuePair<string, object?>("outcome", "accepted"));
        if (duplicates > 0)
            _records.Add(duplicates, new KeyValuePair<string, object?>("outcome", "duplicate"));
    }

    public void Rejected(string code, long count) => _rejected.Add(count, new KeyValuePair<string, object?>("code", code));

    public void Faults(long count) => _faults.Add(count);

    public void Retried(string reason) => _retries.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void DeadLetter(long records, bool kept) => _deadLetters.Add(records, new KeyValuePair<string, object?>("kept", kept));

    public void Lag(TimeSpan age) => Volatile.Write(ref _lag, age.TotalSeconds);

    public void Dispose() => _meter.Dispose();
}
