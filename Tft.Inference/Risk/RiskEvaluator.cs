using System.Runtime.CompilerServices;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Inference.Forecasts;

namespace Tft.Inference.Risk;

/// <summary>
/// Risk of a server from what was measured and what is forecast, by one severity function.
/// current = largest + 0.25 x second largest severity, at most 100. At each step ahead a metric's severity is the mean of those of p50 and
/// p90, combined over metrics in the same way; predicted = the maximum over the horizon.
/// </summary>
internal sealed class RiskEvaluator(ThresholdTable thresholds, ProbabilityCalibration calibration)
{
    private const float SecondShare = 0.25f;
    private static readonly RiskLevel[] s_alertLevels = [RiskLevel.Warning, RiskLevel.Critical];

    /// <param name="profile">The server's profile.</param>
    /// <param name="measured">[14] of the last closed bucket; NaN where not measured.</param>
    /// <param name="quantiles">[96 x 14 x 3].</param>
    /// <param name="loadMedian">The server's own median load; NaN for a newcomer.</param>
    public ServerRisk Evaluate(ServerProfile profile, ReadOnlySpan<float> measured, ReadOnlySpan<float> quantiles, float loadMedian)
    {
        var worst = new WorstTwo();
        var ahead = new StepsAhead();
        Span<WorstTwo> steps = ahead;
        steps.Clear();
        Span<Reason> reasons = stackalloc Reason[RiskMetrics.Count * 3];
        Span<Reason> crossings = stackalloc Reason[RiskMetrics.Count * 3 * s_alertLevels.Length];
        var (count, crossed) = (0, 0);
        var nowOf = default(MetricSeverities);
        var chances = default(MetricChances);
        foreach (var metric in RiskMetrics.All)
        {
            var limits = thresholds.Get(profile, metric.Id, loadMedian);
            var value = RiskSeries.Measured(metric.Id, measured);
            var now = limits.Severity(value);
            worst.Add(now);
            nowOf.Set(metric.Id, now);
            var fromIdle = !float.IsNaN(measured[(int)Metric.CpuIdle]);
            if (now > 0)
                reasons[count++] = ReasonOf(metric, ReasonSource.Measured, RiskLevels.Of(now), limits, new Crossing(-1, value, now), fromIdle);

            var mirrored = RiskSeries.IsMirrored(metric.Id, quantiles[ForecastShape.At(0, (int)Metric.CpuIdle) + 1]);
            var p50 = default(Crossings);
            var p90 = default(Crossings);
            for (var step = 0; step < ForecastShape.Steps; step++)
            {
                var (low, middle, high) = RiskSeries.Forecast(metric.Id, quantiles, step);
                var atMiddle = limits.Severity(middle);
                var atHigh = limits.Severity(high);
                steps[step].Add((atMiddle + atHigh) / 2);
                p50.See(step, middle, atMiddle);
                p90.See(step, high, atHigh);
                chances.See(metric.Id, RiskLevel.Warning, step, Exceedance.Above(limits.Warning, low, middle, high));
                chances.See(metric.Id, RiskLevel.Critical, step, Exceedance.Above(limits.Critical, low, middle, high));
            }

            if (p50.Highest > RiskLevels.Of(now))
                reasons[count++] = ReasonOf(metric, ReasonSource.P50, p50.Highest, limits, p50.Of(p50.Highest), mirrored);
            if (p90.Highest > RiskLevels.Of(now))
                reasons[count++] = ReasonOf(metric, ReasonSource.P90, p90.Highest, limits, p90.Of(p90.Highest), mirrored);
            foreach (var level in s_alertLevels)
            {
                if (now > 0)
                    crossings[crossed++] = ReasonOf(metric, ReasonSource.Measured, level, limits, new Crossing(-1, value, now), fromIdle);
                if (level <= RiskLevels.Of(now))
                    continue;
                if (level <= p50.Highest)
                    crossings[crossed++] = ReasonOf(metric, ReasonSource.P50, level, limits, p50.Of(level), mirrored);
                if (level <= p90.Highest)
                    crossings[crossed++] = ReasonOf(metric, ReasonSource.P90, level, limits, p90.Of(level), mirrored);
            }
        }

        float predicted = 0;
        foreach (ref var step in steps)
            predicted = Math.Max(predicted, step.Combined);
        reasons = reasons[..count];
        reasons.Sort(static (a, b) => a.Severity != b.Severity ? b.Severity.CompareTo(a.Severity) : a.LeadSteps.CompareTo(b.LeadSteps));
        return new ServerRisk
        {
            Current = worst.Combined,
            Predicted = predicted,
            Prob30m = calibration.Within30m(chances.Largest(RiskLevel.Critical, ChanceLead.Soon)),
            Prob8h = calibration.Within8h(chances.Largest(RiskLevel.Critical, ChanceLead.Horizon)),
            Now = nowOf,
            Chances = chances,
            Reasons = [.. reasons],
            Crossings = [.. crossings[..crossed]],
        };
    }

    private static Reason ReasonOf(RiskMetricDefinition metric, ReasonSource source, RiskLevel level, Thresholds limits, Crossing at, bool fromIdle)
    {
        var (lead, threshold) = ((short)(at.Step + 1), limits.Of(level));
        if (metric.Id != RiskMetric.CpuUsed || !fromIdle)
            return new Reason(metric.Id, lead, source, level, threshold, at.Value, at.Severity, false);
        var mirror = source == ReasonSource.P90 ? ReasonSource.P10 : source;
        return new Reason(metric.Id, lead, mirror, level, 100 - threshold, 100 - at.Value, at.Severity, true);
    }

    /// <summary>The largest and second largest of some severities.</summary>
    private struct WorstTwo
    {
        private float _first;
        private float _second;

        public readonly float Combined => Math.Min(RiskLevels.Max, _first + (SecondShare * _second));

        public void Add(float severity)
        {
            if (severity > _first)
                (_first, _second) = (severity, _first);
            else if (severity > _second)
                _second = severity;
        }
    }

    /// <summary>A step ahead, -1 for now, its value and how bad that is.</summary>
    private readonly record struct Crossing(int Step, float Value, float Severity);

    /// <summary>The first steps at which a quantile reaches each level.</summary>
    private struct Crossings
    {
        private Levels _first;

        /// <summary>The highest level that it will reach.</summary>
        public RiskLevel Highest { get; private set; }

        public readonly Crossing Of(RiskLevel level) => _first[(int)level];

        public void See(int step, float value, float severity)
        {
            if (severity <= 0)
                return;
            for (var level = RiskLevels.Of(severity); Highest < level;)
                _first[(int)++Highest] = new Crossing(step, value, severity);
        }
    }

    [InlineArray((int)RiskLevel.Critical + 1)]
    private struct Levels
    {
        private Crossing _first;
    }

    [InlineArray(ForecastShape.Steps)]
    private struct StepsAhead
    {
        private WorstTwo _first;
    }
}
