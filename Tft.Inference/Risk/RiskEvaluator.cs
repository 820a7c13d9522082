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
        var count = 0;
        var nowOf = default(MetricSeverities);
        var chances = default(MetricChances);
        foreach (var metric in RiskMetrics.All)
        {
            var limits = thresholds.Get(profile, metric.Id, loadMedian);
            var value = RiskSeries.Measured(metric.Id, measured);
            var now = limits.Severity(value);
            worst.Add(now);
            nowOf.Set(metric.Id, now);
            if (now > 0)
                reasons[count++] = ReasonOf(metric, 0, ReasonSource.Measured, limits, value, now, !float.IsNaN(measured[(int)Metric.CpuIdle]));

            var mirrored = RiskSeries.IsMirrored(metric.Id, quantiles[ForecastShape.At(0, (int)Metric.CpuIdle) + 1]);
            var p50 = default(Crossing);
            var p90 = default(Crossing);
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

            if (p50.Severity > 0 && RiskLevels.Of(p50.Severity) > RiskLevels.Of(now))
                reasons[count++] = ReasonOf(metric, p50.Step + 1, ReasonSource.P50, limits, p50.Value, p50.Severity, mirrored);
            if (p90.Severity > 0 && RiskLevels.Of(p90.Severity) > RiskLevels.Of(now))
                reasons[count++] = ReasonOf(metric, p90.Step + 1, ReasonSource.P90, limits, p90.Value, p90.Severity, mirrored);
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
        };
    }

    private static Reason ReasonOf(
        RiskMetricDefinition metric, int lead, ReasonSource source, Thresholds limits, float value, float severity, bool fromIdle)
    {
        var level = RiskLevels.Of(severity);
        var threshold = limits.Of(level);
        if (metric.Id != RiskMetric.CpuUsed || !fromIdle)
            return new Reason(metric.Id, (short)lead, source, level, threshold, value, severity, false);
        var mirror = source == ReasonSource.P90 ? ReasonSource.P10 : source;
        return new Reason(metric.Id, (short)lead, mirror, level, 100 - threshold, 100 - value, severity, true);
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

    /// <summary>The first step at which a quantile reaches the highest level that it will reach.</summary>
    private struct Crossing
    {
        public int Step;
        public float Value;
        public float Severity;

        public void See(int step, float value, float severity)
        {
            if (severity <= 0 || (Severity > 0 && RiskLevels.Of(severity) <= RiskLevels.Of(Severity)))
                return;
            (Step, Value, Severity) = (step, value, severity);
        }
    }

    [InlineArray(ForecastShape.Steps)]
    private struct StepsAhead
    {
        private WorstTwo _first;
    }
}
