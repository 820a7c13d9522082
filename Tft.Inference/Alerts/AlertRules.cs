using System.Collections.Immutable;
using Tft.Inference.Risk;

namespace Tft.Inference.Alerts;

/// <summary>A set of rules, worst first: an alert is inhibited by those before it on the same server and metric.</summary>
internal sealed record AlertRules(ImmutableArray<AlertRule> All)
{
    private static readonly TimeSpan s_hold = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What is measured, what is about to come, and what the forecast is sure of hours ahead. The numbers were chosen on simulated servers by what they cost in false
    /// alerts (docs/models.md, "What the alerts are worth").
    /// </summary>
    public static AlertRules Default { get; } = new(
    [
        Measured("measured_critical", RiskLevel.Critical, RiskLevels.Critical, 60, hits: 2, of: 3, recoverAfter: 6),
        Imminent("imminent_critical", RiskLevel.Critical, 0.15f),
        Forecast("forecast_critical", RiskLevel.Critical),
        Measured("measured_warning", RiskLevel.Warning, RiskLevels.Warning, 30, hits: 3, of: 4, recoverAfter: 6),
        Imminent("imminent_warning", RiskLevel.Warning, 0.35f),
        Forecast("forecast_warning", RiskLevel.Warning),
    ]);

    /// <summary>The default ones as the settings have them.</summary>
    public static AlertRules Of(AlertOptions options) => new(
    [
        .. Default.All
            .Where(rule => !options.Rules.TryGetValue(rule.Name, out var own) || own.Enabled)
            .Select(rule => options.Rules.TryGetValue(rule.Name, out var own) ? own.Over(rule) : rule),
    ]);

    public AlertRule? Find(string name) => All.FirstOrDefault(rule => rule.Name == name);

    /// <summary>True where a metric of the server may matter to a rule: most servers are calm, and cost no more than this.</summary>
    public bool Concern(ServerRisk risk)
    {
        foreach (var rule in All)
        {
            foreach (var metric in RiskMetrics.All)
            {
                if (rule.ReadingOf(risk, metric.Id) >= rule.Recovery)
                    return true;
            }
        }

        return false;
    }

    private static AlertRule Measured(string name, RiskLevel level, float threshold, float recovery, int hits, int of, int recoverAfter) =>
        new(name, level, null, threshold, recovery, hits, of, Stable: 1, StableOnFallback: 1, recoverAfter, s_hold);

    private static AlertRule Imminent(string name, RiskLevel level, float threshold) =>
        new(name, level, ChanceLead.Soon, threshold, 0.05f, Hits: 1, Of: 1, Stable: 2, StableOnFallback: 6, RecoverAfter: 12, s_hold);

    private static AlertRule Forecast(string name, RiskLevel level) =>
        new(name, level, ChanceLead.Horizon, 0.7f, 0.5f, Hits: 1, Of: 1, Stable: 6, StableOnFallback: 0, RecoverAfter: 12, s_hold);
}
