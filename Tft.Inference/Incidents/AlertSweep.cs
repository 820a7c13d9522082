using Tft.Inference.Alerts;
using Tft.Inference.Risk;

namespace Tft.Inference.Incidents;

/// <summary>What one rule on the forecast would give, alone.</summary>
/// <param name="Forecaster">Who forecast.</param>
/// <param name="Level">critical or warning.</param>
/// <param name="WithinMinutes">Until when the forecast is looked at.</param>
/// <param name="Threshold">Probability from which a snapshot counts.</param>
/// <param name="Hits">N snapshots must count.</param>
/// <param name="Of">Of the last M.</param>
/// <param name="Stable">And so many in a row must not be below the recovery.</param>
/// <param name="Incidents">How many there were.</param>
/// <param name="News">Of these warned of, with no such alert before.</param>
/// <param name="PerServerDay">False alerts.</param>
/// <param name="AlarmedShare">Share of quiet time in which one stands.</param>
internal sealed record SweepRow(
    string Forecaster, string Level, int WithinMinutes, double Threshold, int Hits, int Of, int Stable, int Incidents, int News, double PerServerDay, double AlarmedShare);

/// <summary>The thresholds and stabilities that a replay compares: one rule at a time.</summary>
internal static class AlertSweep
{
    /// <summary>Each goes on until the probability is below this.</summary>
    private const float Recovery = 0.05f;

    private static readonly float[] s_thresholds = [0.1f, 0.15f, 0.2f, 0.25f, 0.3f, 0.35f, 0.4f, 0.5f, 0.7f];
    private static readonly (int Hits, int Of, int Stable)[] s_shapes = [(1, 1, 1), (1, 1, 2), (1, 1, 6), (3, 4, 3)];

    /// <summary>One set for each combination of level, lead, threshold and stability; on the fallback's forecasts the same as on the model's.</summary>
    public static IReadOnlyList<AlertRules> Rules { get; } =
    [
        .. from level in (RiskLevel[])[RiskLevel.Critical, RiskLevel.Warning]
           from within in (ChanceLead[])[ChanceLead.Soon, ChanceLead.Horizon]
           from shape in s_shapes
           from threshold in s_thresholds
           select new AlertRules(
           [
               AlertRules.Default.All.First(r => r.Level == level && r.Within == within) with
               {
                   Threshold = threshold, Recovery = Recovery, Hits = shape.Hits, Of = shape.Of, Stable = shape.Stable, StableOnFallback = shape.Stable,
               },
           ]),
    ];

    /// <param name="forecaster">Who forecast.</param>
    /// <param name="rules">Of the one rule in it.</param>
    /// <param name="record">What it gave.</param>
    /// <param name="incidents">What happened.</param>
    public static SweepRow Row(string forecaster, AlertRules rules, OperatorRecord record, IReadOnlyList<TrueIncident> incidents)
    {
        var rule = rules.All[0];
        var kinds = IncidentScore.Kinds(record.Tracks, incidents, rule.Level, AlarmSource.ForecastAlert);
        var quiet = IncidentScore.Quiet(record, incidents, rule.Level, AlarmSource.ForecastAlert);
        return new SweepRow(
            forecaster, rule.Level.Name(), rule.Within == ChanceLead.Soon ? 30 : 480, Math.Round(rule.Threshold, 3), rule.Hits, rule.Of, rule.Stable,
            kinds.Sum(k => k.Incidents), kinds.Sum(k => k.Warned - k.Stood), quiet.PerServerDay, quiet.AlarmedShare);
    }
}
