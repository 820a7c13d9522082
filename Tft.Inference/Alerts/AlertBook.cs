using Tft.Contract.Messages;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Risk;

namespace Tft.Inference.Alerts;

/// <summary>
/// All alerts and silences. A server that is calm and has no alert costs a look at its severities and probabilities; all is behind one lock, which readers hold only
/// to copy.
/// </summary>
internal sealed class AlertBook(TimeProvider time, IAlertSink sink, AlertRules rules) : IForecastObserver
{
    public const int MaximumHistory = 10_000;

    /// <summary>What is older is history: a back-fill must not raise alerts on yesterday.</summary>
    private static readonly TimeSpan s_newsFor = TimeSpan.FromMinutes(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Alert>> _open = new(StringComparer.Ordinal);
    private readonly List<Alert> _history = [];
    private readonly Silences _silences = new(time);
    private readonly HashSet<string> _inMaintenance = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>Rises with every change: what was saved is older when it differs.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Alerts that fire.</summary>
    public int Active
    {
        get
        {
            lock (_gate)
                return _open.Values.Sum(alerts => alerts.Count(a => a.State == AlertState.Firing));
        }
    }

    public void Forecast(ServerSnapshot server, Windows.WindowInfo window, ReadOnlySpan<float> values, ReadOnlySpan<float> quantiles)
    {
        // Nothing fires on a half-filled bucket, and a newcomer's wide bands are no news.
        if (server.KnownSteps < ForecastShape.MinimumSteps
            || time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(server.OriginSeconds) > s_newsFor)
            return;
        lock (_gate)
        {
            _open.TryGetValue(server.Name, out var alerts);
            if (alerts is null && !rules.Concern(server.Risk))
                return;
            if (Silence.IsInMaintenance(server))
                _inMaintenance.Add(server.Name);
            else
                _inMaintenance.Remove(server.Name);
            See(server, alerts ?? []);
        }
    }

    public void Retired(ServerSnapshot server)
    {
        lock (_gate)
        {
            if (!_open.Remove(server.Name, out var alerts))
                return;
            foreach (var alert in alerts.Where(a => a.State == AlertState.Firing))
                Close(alert, time.GetUtcNow());
            _version++;
        }
    }

    /// <summary>Pending and firing ones, worst first.</summary>
    public IReadOnlyList<AlertInfo> OpenAlerts()
    {
        lock (_gate)
        {
            return [.. _open.Values.SelectMany(alerts => alerts).Where(a => a.State != AlertState.Inactive)
                .OrderByDescending(a => a.State).ThenByDescending(a => a.Rule.Level).ThenByDescending(a => a.RiskScore).ThenBy(a => a.Id, StringComparer.Ordinal)
                .Select(Info)];
        }
    }

    /// <summary>All that began or were open within a range, newest first.</summary>
    public IReadOnlyList<AlertInfo> Between(DateTimeOffset from, DateTimeOffset to)
    {
        lock (_gate)
        {
            return [.. _open.Values.SelectMany(alerts => alerts).Where(a => a.State == AlertState.Firing).Concat(_history)
                .Where(a => a.Since <= to && (a.ResolvedAt ?? to) >= from)
                .OrderByDescending(a => a.Id, StringComparer.Ordinal)
                .Select(Info)];
        }
    }

    /// <summary>Null when no open alert has this id.</summary>
    public AlertInfo? Acknowledge(string id, string by)
    {
        lock (_gate)
        {
            var alert = _open.Values.SelectMany(alerts => alerts).FirstOrDefault(a => a.State != AlertState.Inactive && a.Id == id);
            if (alert is null)
                return null;
            alert.AcknowledgedBy = by;
            _version++;
            return Info(alert);
        }
    }

    /// <summary>When the last silence ends that covers this; null: none does.</summary>
    public DateTimeOffset? SilencedUntil(string server, string metric, string rule)
    {
        lock (_gate)
            return _silences.LastEnd(server, metric, rule);
    }

    public IReadOnlyList<SilenceInfo> Silences()
    {
        lock (_gate)
        {
            DropEndedSilences();
            return [.. _silences.All];
        }
    }

    /// <summary>False when there are too many.</summary>
    public bool AddSilence(SilenceInfo silence)
    {
        lock (_gate)
        {
            DropEndedSilences();
            if (!_silences.TryAdd(silence))
                return false;
            _version++;
            return true;
        }
    }

    public bool RemoveSilence(string id)
    {
        lock (_gate)
        {
            _version++;
            return _silences.Remove(id);
        }
    }

    public SavedAlerts Save()
    {
        lock (_gate)
        {
            var open = _open.Values.SelectMany(alerts => alerts).Where(a => a.State == AlertState.Firing).ToList();
            return new SavedAlerts
            {
                Firing = [.. open.Select(Info)],
                Announced = [.. open.Where(a => a.IsAnnounced).Select(a => a.Id)],
                History = [.. _history.Select(Info)],
                Silences = [.. _silences.All],
            };
        }
    }

    public void Restore(SavedAlerts saved)
    {
        lock (_gate)
        {
            foreach (var info in saved.Firing)
            {
                if (Alert.Restore(info, saved.Announced.Contains(info.Id), rules) is not { } alert)
                    continue;
                if (!_open.TryGetValue(info.Server, out var alerts))
                    _open[info.Server] = alerts = [];
                alerts.Add(alert);
            }

            _history.AddRange(saved.History.Select(info => Alert.Restore(info, announced: true, rules)).OfType<Alert>());
            _silences.Restore(saved.Silences);
        }
    }

    private void See(ServerSnapshot server, List<Alert> alerts)
    {
        var now = time.GetUtcNow();
        foreach (var rule in rules.All)
        {
            for (var metric = (RiskMetric)0; (int)metric < RiskMetrics.Count; metric++)
            {
                var alert = alerts.Find(a => a.Metric == metric && a.Rule == rule);
                if (alert is null)
                {
                    if (rule.ReadingOf(server.Risk, metric) < rule.Recovery)
                        continue;
                    alert = new Alert(server.Name, metric, rule);
                    alerts.Add(alert);
                }

                if (alert.See(server, now))
                    _version++;
                if (!alert.IsOver)
                    continue;
                alerts.Remove(alert);
                if (alert.State == AlertState.Resolved)
                    Close(alert, now);
            }
        }

        // After all rules have seen the snapshot: a critical alert inhibits the warning that began with it, and the warning is no news when that ends.
        foreach (var alert in alerts)
        {
            if (IsInhibited(alert, alerts))
            {
                alert.HasBeenInhibited = true;
            }
            else if (alert.IsNews && !_inMaintenance.Contains(alert.Server) && SilencedUntil(alert) is null)
            {
                alert.IsAnnounced = true;
                _version++;
                sink.Announce(Info(alert));
            }
        }

        if (alerts.Count > 0)
            _open[server.Name] = alerts;
        else
            _open.Remove(server.Name);
    }

    private void Close(Alert alert, DateTimeOffset now)
    {
        if (alert.State != AlertState.Resolved)
            alert.Resolve(now);
        _history.Add(alert);
        if (_history.Count > MaximumHistory)
            _history.RemoveRange(0, _history.Count - MaximumHistory);
        if (alert.IsAnnounced)
            sink.Announce(Info(alert));
    }

    private AlertInfo Info(Alert alert) =>
        alert.ToInfo(SilencedUntil(alert), _inMaintenance.Contains(alert.Server) || (_open.TryGetValue(alert.Server, out var others) && IsInhibited(alert, others)));

    private DateTimeOffset? SilencedUntil(Alert alert) => _silences.LastEnd(alert.Server, alert.WireMetric, alert.Rule.Name);

    private bool IsInhibited(Alert alert, List<Alert> others) => others.Exists(other =>
        other.State == AlertState.Firing && other.Metric == alert.Metric && rules.All.IndexOf(other.Rule) < rules.All.IndexOf(alert.Rule));

    private void DropEndedSilences()
    {
        if (_silences.DropEnded())
            _version++;
    }
}
