using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tft.Adapters.Loop;

/// <summary>
/// What /health says of a source: degraded when it has been silent for ten intervals, or while the service can't be reached. Never
/// unhealthy: a restart of the adapter cures neither.
/// </summary>
internal sealed class SourceHealth(AdapterOptions options, TimeProvider clock) : IHealthCheck
{
    private const int SilentIntervals = 10;

    private readonly Lock _lock = new();
    private DateTimeOffset _lastRecord = clock.GetUtcNow();
    private DateTimeOffset? _lastPush;
    private string? _fetchError;
    private string? _pushError;
    private long _records;

    public void Fetched(int records)
    {
        lock (_lock)
        {
            _fetchError = null;
            if (records > 0)
                _lastRecord = clock.GetUtcNow();
        }
    }

    public void FetchFailed(string reason)
    {
        lock (_lock)
            _fetchError = reason;
    }

    public void Pushed(int records)
    {
        lock (_lock)
        {
            _pushError = null;
            _records += records;
            _lastPush = clock.GetUtcNow();
        }
    }

    public void PushFailed(string reason)
    {
        lock (_lock)
            _pushError = reason;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            var silent = clock.GetUtcNow() - _lastRecord;
            var data = new Dictionary<string, object> { ["records"] = _records, ["silent_s"] = Math.Round(silent.TotalSeconds, 1) };
            if (_lastPush is { } push)
                data["last_push"] = push;
            var text = _pushError is not null ? $"the service can't be reached: {_pushError}"
                : _fetchError is not null ? $"the source can't be read: {_fetchError}"
                : silent.TotalSeconds > SilentIntervals * options.Interval ? $"no new record for {silent.TotalSeconds:0} s, more than {SilentIntervals} intervals"
                : null;
            return Task.FromResult(text is null ? HealthCheckResult.Healthy("records arrive", data) : HealthCheckResult.Degraded(text, data: data));
        }
    }
}
