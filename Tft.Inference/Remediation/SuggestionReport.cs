using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Inference.Alerts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Risk;
using Tft.Inference.SelfWatch;

namespace Tft.Inference.Remediation;

/// <summary>
/// What the service says now - reasons of the risk, open alerts, its alerts on itself - with the runbook for each. A suggestion is a sentence: nothing here
/// reaches any server.
/// </summary>
internal sealed class SuggestionReport(SnapshotStore snapshots, AlertBook alerts, SystemAlertBook system, RunbookTable runbooks, ApprovalBook approvals, TimeProvider time)
{
    public const int Maximum = 500;

    /// <summary>A decision older than this is about another day.</summary>
    public static readonly TimeSpan DecisionCounts = TimeSpan.FromDays(1);

    private const int MostReasons = 3;

    public RemediationResponse Now()
    {
        var snapshot = snapshots.Current;
        var (all, without) = Collect(snapshot);
        all.Sort(static (a, b) => Rank(a.Level) != Rank(b.Level) ? Rank(b.Level).CompareTo(Rank(a.Level))
            : a.LeadMinutes != b.LeadMinutes ? a.LeadMinutes.CompareTo(b.LeadMinutes)
            : a.RiskScore != b.RiskScore ? b.RiskScore.CompareTo(a.RiskScore)
            : string.CompareOrdinal(a.Server, b.Server));
        var decided = approvals.Since(time.GetUtcNow() - DecisionCounts);
        List<Suggestion> shown = [.. all.Take(Maximum).Select(s => s with { Decision = decided.GetValueOrDefault((s.Server, s.Runbook)) })];
        var named = shown.Select(s => s.Runbook).ToHashSet(StringComparer.Ordinal);
        return new RemediationResponse
        {
            Timestamp = snapshot.Time,
            Snapshot = snapshot.Number,
            Suggestions = shown,
            Total = all.Count,
            WithoutRunbook = without,
            Runbooks = [.. runbooks.All.Where(r => named.Contains(r.Id))],
        };
    }

    /// <summary>What is suggested for a server now; null where it is not.</summary>
    public Suggestion? Find(string server, string runbook) => Collect(snapshots.Current).All.Find(s => s.Server == server && s.Runbook == runbook);

    private (List<Suggestion> All, int Without) Collect(FleetSnapshot snapshot)
    {
        var open = alerts.OpenAlerts().ToLookup(a => (a.Server, a.Metric));
        var all = new List<Suggestion>();
        var without = 0;
        foreach (var block in snapshot.Blocks)
        {
            foreach (var server in block.Servers)
            {
                if (server is not null)
                    without += Add(server, open, all);
            }
        }

        foreach (var group in system.Open().Where(a => a.State == "firing").GroupBy(a => runbooks.For(a.Rule)?.Id))
        {
            if (group.Key is { } runbook)
                all.Add(Of(runbook, [.. group]));
            else
                without += group.Count();
        }

        return (all, without);
    }

    /// <summary>Adds one suggestion for each runbook that fits; gives the number of metrics that none fits.</summary>
    private int Add(ServerSnapshot server, ILookup<(string, string), AlertInfo> open, List<Suggestion> all)
    {
        if (server.Risk.Reasons.IsEmpty || (server.Risk.Level < RiskLevel.Warning && !server.Risk.Reasons.Any(r => Firing(server, r, open) is not null)))
            return 0;
        var without = 0;
        var bad = server.Risk.Reasons.Where(r => LevelOf(server, r, open) >= RiskLevel.Warning).ToList();
        foreach (var group in bad.GroupBy(r => runbooks.For(r.Metric, server.Profile, IsNow(bad, r.Metric))?.Id))
        {
            if (group.Key is not { } runbook)
            {
                without += group.Select(r => r.Metric).Distinct().Count();
                continue;
            }

            var worst = group.MaxBy(r => LevelOf(server, r, open));
            var alert = Firing(server, worst, open) ?? open[(server.Name, WireOf(worst))].FirstOrDefault();
            all.Add(new Suggestion
            {
                Runbook = runbook,
                Server = server.Name,
                Kind = "server",
                Profile = server.Profile.Name(),
                Metric = WireOf(worst),
                Level = LevelOf(server, worst, open).Name(),
                RiskScore = Math.Round(server.Risk.Score, 1),
                LeadMinutes = IsNow(bad, worst.Metric) ? 0 : worst.LeadMinutes,
                Quantile = ReasonText.Name(worst.Source),
                Reasons = [.. group.Take(MostReasons).Select(r => ReasonText.Of(r))],
                AlertId = alert?.Id,
                AlertState = alert?.State,
                AcknowledgedBy = alert?.AcknowledgedBy,
            });
        }

        return without;
    }

    private static Suggestion Of(string runbook, List<AlertInfo> of) => new()
    {
        Runbook = runbook,
        Server = of[0].Server,
        Kind = AlertInfo.System,
        Profile = "",
        Metric = of[0].Metric,
        Level = of.Exists(a => a.Severity == "critical") ? "critical" : "warning",
        RiskScore = 0,
        LeadMinutes = 0,
        Quantile = "measured",
        Reasons = [.. of.SelectMany(a => a.Reasons).Select(r => r.Text).Take(MostReasons)],
        AlertId = of[0].Id,
        AlertState = of[0].State,
        AcknowledgedBy = of[0].AcknowledgedBy,
    };

    /// <summary>
    /// As bad as the reason says, but no worse than the server, and a warning at most where the edge of the band crosses alone: that is one future in ten.
    /// An alert that fires says it by itself.
    /// </summary>
    private static RiskLevel LevelOf(ServerSnapshot server, in Reason reason, ILookup<(string, string), AlertInfo> open)
    {
        var cap = reason.Source is ReasonSource.Measured or ReasonSource.P50 || server.Risk.Level < RiskLevel.Warning ? server.Risk.Level : RiskLevel.Warning;
        var level = reason.Level < cap ? reason.Level : cap;
        var said = Firing(server, reason, open)?.Severity switch { "critical" => RiskLevel.Critical, "warning" => RiskLevel.Warning, _ => RiskLevel.Healthy };
        return said > level ? said : level;
    }

    /// <summary>A metric that is over the line already is that runbook's matter, whatever else it is forecast to reach.</summary>
    private static bool IsNow(List<Reason> reasons, RiskMetric metric) => reasons.Exists(r => r.Metric == metric && r.LeadSteps == 0);

    private static AlertInfo? Firing(ServerSnapshot server, in Reason reason, ILookup<(string, string), AlertInfo> open) =>
        open[(server.Name, WireOf(reason))].FirstOrDefault(a => a.State == "firing");

    private static string WireOf(in Reason reason) => MetricCatalog.Get(reason.Wire).Name;

    private static int Rank(string level) => level == "critical" ? 1 : 0;
}
