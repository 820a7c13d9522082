using System.Collections.Immutable;
using Tft.Inference.Risk;

namespace Tft.Inference.Alerts;

/// <summary>When an alert fires and when it is over. Counted in snapshots of the server: one for each closed bucket.</summary>
/// <param name="Name">As on the wire.</param>
/// <param name="IsForecast">Looks at the horizon instead of at what was measured.</param>
/// <param name="Level">warning or critical.</param>
/// <param name="Threshold">Severity from which a snapshot counts.</param>
/// <param name="Recovery">Severity below which a snapshot counts as recovered; lower than the threshold, so that a value at the edge does not flap.</param>
/// <param name="Hits">N of the last <paramref name="Of"/> snapshots must count.</param>
/// <param name="Of">M.</param>
/// <param name="Stable">And the last k in a row.</param>
/// <param name="RecoverAfter">Recovered snapshots in a row that end it.</param>
/// <param name="Hold">It fires at least this long.</param>
internal sealed record AlertRule(
    string Name, bool IsForecast, RiskLevel Level, float Threshold, float Recovery, int Hits, int Of, int Stable, int RecoverAfter, TimeSpan Hold)
{
    public float SeverityOf(ServerRisk risk, RiskMetric metric) => IsForecast ? risk.Ahead.Get(metric) : risk.Now.Get(metric);
}

internal static class AlertRules
{
    private static readonly TimeSpan s_hold = TimeSpan.FromMinutes(10);

    /// <summary>Worst first: an alert is inhibited by those before it on the same server and metric.</summary>
    public static ImmutableArray<AlertRule> All { get; } =
    [
        new("measured_critical", false, RiskLevel.Critical, RiskLevels.Critical, 60, Hits: 2, Of: 3, Stable: 1, RecoverAfter: 2, s_hold),
        new("forecast_critical", true, RiskLevel.Critical, RiskLevels.Critical, 60, Hits: 3, Of: 4, Stable: 3, RecoverAfter: 3, s_hold),
        new("measured_warning", false, RiskLevel.Warning, RiskLevels.Warning, 30, Hits: 3, Of: 4, Stable: 1, RecoverAfter: 3, s_hold),
        new("forecast_warning", true, RiskLevel.Warning, RiskLevels.Warning, 30, Hits: 3, Of: 4, Stable: 3, RecoverAfter: 3, s_hold),
    ];

    public static AlertRule? Find(string name) => All.FirstOrDefault(rule => rule.Name == name);
}
