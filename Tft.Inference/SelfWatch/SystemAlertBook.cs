using Tft.Contract.Messages;
using Tft.Inference.Alerts;

namespace Tft.Inference.SelfWatch;

/// <summary>The service's alerts about itself: pending while a rule's time runs, firing, and over after two good minutes.</summary>
internal sealed class SystemAlertBook(AlertBook servers, AlertAnnouncer announcer)
{
    /// <summary>Stands where other alerts name a server.</summary>
    public const string Subject = "tft";
    private const int MaximumHistory = 1000;
    private static readonly TimeSpan s_recover = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Rule, string Subject), Watched> _open = [];
    private readonly List<AlertInfo> _history = [];
    private long _version;

    /// <summary>Rises with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Takes in all readings of a check.</summary>
    public void See(ISystemCheck check, IReadOnlyList<SystemReading> readings, DateTimeOffset now)
    {
        lock (_gate)
        {
            foreach (var reading in readings.Where(r => r.IsBad))
                SeeBad(check, reading, now);
            foreach (var (key, watched) in _open.Where(o => o.Key.Rule == check.Rule && !readings.Any(r => r.IsBad && r.Subject == o.Key.Subject)).ToList())
                SeeGood(key, watched, now);
        }
    }

    /// <summary>Pending and firing ones, worst first.</summary>
    public IReadOnlyList<AlertInfo> Open()
    {
        lock (_gate)
            return [.. _open.Values.Select(w => WithSilence(w.Info)).OrderBy(a => a.State == "firing" ? 0 : 1).ThenBy(a => a.Severity == "critical" ? 0 : 1).ThenBy(a => a.Id, StringComparer.Ordinal)];
    }

    /// <summary>All that fired within a range, newest first.</summary>
    public IReadOnlyList<AlertInfo> Between(DateTimeOffset from, DateTimeOffset to)
    {
        lock (_gate)
        {
            return [.. _open.Values.Select(w => w.Info).Where(a => a.State == "firing").Concat(_history)
                .Where(a => a.Since <= to && (a.ResolvedAt ?? to) >= from).OrderByDescending(a => a.Id, StringComparer.Ordinal)];
        }
    }

    /// <summary>Null where no open one has this id.</summary>
    public AlertInfo? Acknowledge(string id, string by)
    {
        lock (_gate)
        {
            foreach (var (key, watched) in _open)
            {
                if (watched.Info.Id != id)
                    continue;
                _version++;
                return (_open[key] = watched with { Info = watched.Info with { AcknowledgedBy = by } }).Info;
            }

            return null;
        }
    }

    /// <summary>What fires, for the next start.</summary>
    public IReadOnlyList<SavedSystemAlert> Save()
    {
        lock (_gate)
            return [.. _open.Where(o => o.Value.Info.State == "firing").Select(o => new SavedSystemAlert(o.Key.Subject, o.Value.IsAnnounced, o.Value.Info))];
    }

    public void Restore(IReadOnlyList<SavedSystemAlert> saved)
    {
        lock (_gate)
        {
            foreach (var alert in saved)
                _open[(alert.Info.Rule, alert.Subject)] = new Watched(alert.Info, alert.IsAnnounced, GoodSince: null);
        }
    }

    private void SeeBad(ISystemCheck check, SystemReading reading, DateTimeOffset now)
    {
        var key = (check.Rule, reading.Subject);
        var watched = _open.GetValueOrDefault(key) ?? new Watched(New(check, now), IsAnnounced: false, GoodSince: null);
        var info = watched.Info with { Threshold = Math.Round(reading.Limit, 3), Reasons = [Reason(check, reading)] };
        if (info.State == "pending" && now - info.Since >= check.For)
        {
            info = info with { State = "firing", Since = now };
            _version++;
        }

        watched = watched with { Info = info, GoodSince = null };
        if (info.State == "firing" && !watched.IsAnnounced && SilencedUntil(info) is null)
        {
            watched = watched with { IsAnnounced = true };
            _version++;
            announcer.Announce(info);
        }

        _open[key] = watched;
    }

    private void SeeGood((string Rule, string Subject) key, Watched watched, DateTimeOffset now)
    {
        if (watched.Info.State == "pending")
        {
            _open.Remove(key);
            return;
        }

        var since = watched.GoodSince ?? now;
        if (now - since < s_recover)
        {
            _open[key] = watched with { GoodSince = since };
            return;
        }

        _open.Remove(key);
        _version++;
        var info = watched.Info with { State = "resolved", ResolvedAt = now };
        _history.Add(info);
        if (_history.Count > MaximumHistory)
            _history.RemoveAt(0);
        if (watched.IsAnnounced)
            announcer.Announce(info);
    }

    private AlertInfo WithSilence(AlertInfo info) => info with { SilencedUntil = SilencedUntil(info) };

    private DateTimeOffset? SilencedUntil(AlertInfo info) => servers.SilencedUntil(info.Server, info.Metric, info.Rule);

    private static AlertInfo New(ISystemCheck check, DateTimeOffset now) => new()
    {
        Id = AlertId.New(now), Kind = AlertInfo.System, Server = Subject, Metric = check.Rule, Rule = check.Rule, State = "pending", Severity = check.Severity,
        RiskScore = 0, Since = now, ExpectedAt = new ExpectedAt(null, null), Threshold = 0, Reasons = [],
    };

    private static RiskReason Reason(ISystemCheck check, SystemReading reading) => new()
    {
        Metric = check.Rule, LeadMinutes = 0, Quantile = "measured", Level = check.Severity, Threshold = Math.Round(reading.Limit, 3), Value = Math.Round(reading.Value, 3), Text = reading.Text,
    };

    /// <param name="Info">As it is shown.</param>
    /// <param name="IsAnnounced">That it fires was said.</param>
    /// <param name="GoodSince">While it fires: since when there was nothing bad.</param>
    private sealed record Watched(AlertInfo Info, bool IsAnnounced, DateTimeOffset? GoodSince);
}
