using System.Collections.Immutable;
using System.Numerics;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Risk;

namespace Tft.Inference.Alerts;

internal enum AlertState
{
    Inactive,
    Pending,
    Firing,
    Resolved,
}

/// <summary>
/// The state machine of one server, metric and rule: inactive -> pending -> firing -> resolved. Guarded by its book's lock.
/// </summary>
internal sealed class Alert(string server, RiskMetric metric, AlertRule rule)
{
    private uint _hits;
    private int _stood;
    private int _recovered;

    /// <summary>Empty while inactive: ids sort by when an alert began.</summary>
    public string Id { get; private set; } = "";
    public string Server => server;
    public RiskMetric Metric => metric;
    public AlertRule Rule => rule;
    public AlertState State { get; private set; }
    public long LastOrigin { get; private set; } = long.MinValue;
    public DateTimeOffset Since { get; private set; }
    public DateTimeOffset? ResolvedAt { get; private set; }
    public string? AcknowledgedBy { get; set; }
    public float RiskScore { get; private set; }
    public ExpectedAt Expected { get; private set; } = new(null, null);
    public float Threshold { get; private set; }
    public string WireMetric { get; private set; } = RiskMetrics.Get(metric).Wire.ToWire();
    public ImmutableArray<RiskReason> Reasons { get; private set; } = [];

    /// <summary>That it fires has been announced.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>A worse alert has said it: when that ends, this one is news only as far as its own threshold is still reached.</summary>
    public bool HasBeenInhibited { get; set; }

    /// <summary>It fires, has not been announced, and says something that the operator does not know.</summary>
    public bool IsNews => State == AlertState.Firing && !IsAnnounced && (!HasBeenInhibited || (_hits & 1) == 1);

    /// <summary>Nothing is left that a later snapshot would have to know.</summary>
    public bool IsOver => State == AlertState.Resolved || (State == AlertState.Inactive && _stood == 0);

    /// <summary>Takes one snapshot of the server in. True when the state changed.</summary>
    public bool See(ServerSnapshot snapshot, DateTimeOffset now)
    {
        // A late record renews a forecast for the same bucket: the same observation, not a further one.
        if (snapshot.OriginSeconds <= LastOrigin)
            return false;
        LastOrigin = snapshot.OriginSeconds;
        var reading = rule.ReadingOf(snapshot.Risk, metric);
        var before = State;
        _hits = (_hits << 1) | (reading >= rule.Threshold ? 1u : 0u);
        (_stood, _recovered) = reading >= rule.Recovery ? (_stood + 1, 0) : (0, _recovered + 1);
        if (State != AlertState.Firing)
            Rise(now, rule.StableOn(snapshot.Note));
        else if (_recovered >= rule.RecoverAfter && now - Since >= rule.Hold)
            Resolve(now);
        if (State is AlertState.Pending or AlertState.Firing && reading >= rule.Recovery)
            Describe(snapshot);
        return State != before;
    }

    public void Resolve(DateTimeOffset now)
    {
        State = AlertState.Resolved;
        ResolvedAt = now;
    }

    public AlertInfo ToInfo(DateTimeOffset? silencedUntil, bool inhibited) => new()
    {
        Id = Id,
        Server = server,
        Metric = WireMetric,
        Rule = rule.Name,
        State = State switch { AlertState.Firing => "firing", AlertState.Resolved => "resolved", _ => "pending" },
        Severity = rule.Level.Name(),
        RiskScore = Math.Round(RiskScore, 1),
        Since = Since,
        ResolvedAt = ResolvedAt,
        ExpectedAt = Expected,
        Threshold = Math.Round(Threshold, 3),
        AcknowledgedBy = AcknowledgedBy,
        SilencedUntil = silencedUntil,
        Inhibited = inhibited,
        Reasons = Reasons,
    };

    /// <summary>Takes up an alert that was firing when the process ended.</summary>
    public static Alert? Restore(AlertInfo info, bool announced, AlertRules rules)
    {
        var metric = RiskMetrics.All.FirstOrDefault(m => m.Wire.ToWire() == info.Metric || (m.Id == RiskMetric.CpuUsed && info.Metric == "cpu_user_pct"));
        if (metric is null || rules.Find(info.Rule) is not { } rule)
            return null;
        return new Alert(info.Server, metric.Id, rule)
        {
            Id = info.Id,
            State = info.State == "resolved" ? AlertState.Resolved : info.State == "firing" ? AlertState.Firing : AlertState.Pending,
            Since = info.Since,
            ResolvedAt = info.ResolvedAt,
            AcknowledgedBy = info.AcknowledgedBy,
            RiskScore = (float)info.RiskScore,
            Expected = info.ExpectedAt,
            Threshold = (float)info.Threshold,
            WireMetric = info.Metric,
            Reasons = [.. info.Reasons],
            IsAnnounced = announced,
            HasBeenInhibited = info.Inhibited,
        };
    }

    private void Rise(DateTimeOffset now, int? stable)
    {
        var recent = _hits & ((1u << rule.Of) - 1);
        if (stable <= _stood && BitOperations.PopCount(recent) >= rule.Hits)
            (State, Since, _recovered) = (AlertState.Firing, now, 0);
        else if (recent == 0 || stable is null)
            State = AlertState.Inactive;
        else if (State != AlertState.Pending)
            (State, Since) = (AlertState.Pending, now);
        Id = State == AlertState.Inactive ? "" : Id.Length > 0 ? Id : AlertId.New(now);
    }

    /// <summary>Says when its own level is reached; where it is not, while it recovers, what was said last stands.</summary>
    private void Describe(ServerSnapshot snapshot)
    {
        RiskScore = snapshot.Risk.Score;
        var reasons = snapshot.Risk.Crossings.Where(IsOfRule).OrderBy(r => r.LeadSteps).ThenBy(r => r.Source != ReasonSource.P50).ToList();
        if (reasons.Count == 0)
            return;
        WireMetric = reasons[0].Wire.ToWire();
        Threshold = reasons[0].Threshold;
        Reasons = [.. reasons.Select(r => ReasonText.ToMessage(r))];
        Expected = new ExpectedAt(
            Crossing(snapshot, reasons, r => r.Source == ReasonSource.P50),
            Crossing(snapshot, reasons, r => r.Source is ReasonSource.P90 or ReasonSource.P10));
    }

    private bool IsOfRule(Reason reason) => reason.Metric == metric && reason.Level == rule.Level
        && (rule.IsForecast ? reason.Source != ReasonSource.Measured || RiskLevels.Of(reason.Severity) >= rule.Level : reason.Source == ReasonSource.Measured);

    private static DateTimeOffset? Crossing(ServerSnapshot snapshot, List<Reason> reasons, Predicate<Reason> which) =>
        reasons.FindIndex(which) is var at and >= 0
            ? DateTimeOffset.FromUnixTimeSeconds(snapshot.OriginSeconds + (reasons[at].LeadSteps * TimeGrid.StepSeconds))
            : null;
}

internal static class MetricWire
{
    public static string ToWire(this Metric metric) => MetricCatalog.Get(metric).Name;
}
