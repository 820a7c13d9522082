using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Tft.Contract.Metrics;
using Tft.Contract.Time;

namespace Tft.Inference.Risk;

/// <summary>Which value crossed a threshold.</summary>
internal enum ReasonSource : byte
{
    Measured,
    P10,
    P50,
    P90,
}

/// <summary>One reason of a risk: a metric, when, by which value, across which threshold.</summary>
/// <param name="Metric">What.</param>
/// <param name="LeadSteps">Steps ahead of the origin at which the level is first reached; 0 now.</param>
/// <param name="Source">In the contract's metric: p10 of idle where p90 of CPU use crosses.</param>
/// <param name="Level">The highest level that is reached; of what is said for alerts (<see cref="ServerRisk.Crossings"/>) that of the rule.</param>
/// <param name="Threshold">Where that level begins, in the contract's metric.</param>
/// <param name="Value">The value at that lead, in the contract's metric.</param>
/// <param name="Severity">0..100 at that lead.</param>
/// <param name="FromIdle">CPU use was read from idle: source, threshold and value are those of idle.</param>
internal readonly record struct Reason(
    RiskMetric Metric, short LeadSteps, ReasonSource Source, RiskLevel Level, float Threshold, float Value, float Severity, bool FromIdle)
{
    /// <summary>The metric of the contract that <see cref="Threshold"/> and <see cref="Value"/> are of.</summary>
    public Metric Wire => Metric == RiskMetric.CpuUsed && !FromIdle ? Contract.Metrics.Metric.CpuUser : RiskMetrics.Get(Metric).Wire;

    public int LeadMinutes => LeadSteps * TimeGrid.StepSeconds / 60;
}

/// <summary>One severity (0..100) per risk metric.</summary>
[InlineArray(RiskMetrics.Count)]
internal struct MetricSeverities
{
    private float _first;

    public readonly float Get(RiskMetric metric) => this[(int)metric];

    public void Set(RiskMetric metric, float severity) => this[(int)metric] = severity;
}

/// <summary>Within how many steps ahead a level is reached or not.</summary>
internal enum ChanceLead : byte
{
    /// <summary>Half an hour.</summary>
    Soon,

    /// <summary>The horizon of eight hours.</summary>
    Horizon,
}

/// <summary>
/// Of each risk metric the probability of reaching warning or critical within half an hour or eight: the largest exceedance at any step, by the forecast's
/// quantiles alone.
/// </summary>
[InlineArray(RiskMetrics.Count * PerMetric)]
internal struct MetricChances
{
    public const int SoonSteps = 6;
    private const int PerMetric = 4;

    private float _first;

    /// <param name="metric">Of what.</param>
    /// <param name="level">warning or critical.</param>
    /// <param name="within">Until when.</param>
    public readonly float Get(RiskMetric metric, RiskLevel level, ChanceLead within) => this[At(metric, level, within)];

    /// <summary>Takes the exceedance at a step in.</summary>
    public void See(RiskMetric metric, RiskLevel level, int step, float probability)
    {
        Raise(metric, level, ChanceLead.Horizon, probability);
        if (step < SoonSteps)
            Raise(metric, level, ChanceLead.Soon, probability);
    }

    /// <summary>The largest of all metrics.</summary>
    public readonly float Largest(RiskLevel level, ChanceLead within)
    {
        float largest = 0;
        foreach (var metric in RiskMetrics.All)
            largest = Math.Max(largest, Get(metric.Id, level, within));
        return largest;
    }

    private void Raise(RiskMetric metric, RiskLevel level, ChanceLead within, float probability)
    {
        ref var chance = ref this[At(metric, level, within)];
        chance = Math.Max(chance, probability);
    }

    private static int At(RiskMetric metric, RiskLevel level, ChanceLead within) =>
        ((int)metric * PerMetric) + ((level == RiskLevel.Critical ? 1 : 0) * 2) + (int)within;
}

/// <summary>The risk of a server: one computation for GETs, alerts and dashboards.</summary>
internal sealed record ServerRisk
{
    public static ServerRisk None { get; } = new();

    /// <summary>0..100: the worse of now and the horizon.</summary>
    public float Score => Math.Max(Current, Predicted);

    public RiskLevel Level => RiskLevels.Of(Score);

    public float Current { get; init; }

    public float Predicted { get; init; }

    /// <summary>Probability of reaching critical on any metric within half an hour; calibrated where outcomes allow.</summary>
    public float Prob30m { get; init; }

    /// <summary>The same within eight hours.</summary>
    public float Prob8h { get; init; }

    /// <summary>By the forecast distributions alone: what calibration starts from.</summary>
    public float RawProb30m => Chances.Largest(RiskLevel.Critical, ChanceLead.Soon);
    public float RawProb8h => Chances.Largest(RiskLevel.Critical, ChanceLead.Horizon);

    /// <summary>Severity of each metric as measured.</summary>
    public MetricSeverities Now { get; init; }

    /// <summary>What alerts on the forecast look at.</summary>
    public MetricChances Chances { get; init; }

    /// <summary>Worst first; never empty when <see cref="Score"/> is above 0.</summary>
    public ImmutableArray<Reason> Reasons { get; init; } = [];

    /// <summary>
    /// What alerts of the levels warning and critical say, of each metric for each level: what is measured, reached or not, and where it is not, when p50 and p90 first
    /// reach it.
    /// </summary>
    public ImmutableArray<Reason> Crossings { get; init; } = [];
}
