using Tft.Contract.Metrics;
using Tft.Inference.Forecasts;

namespace Tft.Inference.Risk;

/// <summary>Reads a risk metric out of measured values and forecasts, turned so that high is bad.</summary>
internal static class RiskSeries
{
    /// <summary>NaN where it was not measured. CPU use is 100 - idle, or user + system + I/O wait where idle is missing.</summary>
    public static float Measured(RiskMetric metric, ReadOnlySpan<float> values)
    {
        if (metric != RiskMetric.CpuUsed)
            return values[(int)RiskMetrics.Get(metric).Wire];
        var idle = values[(int)Metric.CpuIdle];
        return float.IsNaN(idle) ? SumOfParts(values) : 100 - idle;
    }

    /// <summary>The three quantiles at a step of a forecast [96 x 14 x 3].</summary>
    public static (float P10, float P50, float P90) Forecast(RiskMetric metric, ReadOnlySpan<float> quantiles, int step)
    {
        var at = ForecastShape.At(step, (int)RiskMetrics.Get(metric).Wire);
        if (metric != RiskMetric.CpuUsed)
            return (quantiles[at], quantiles[at + 1], quantiles[at + 2]);
        return float.IsNaN(quantiles[at + 1])
            ? SumOfParts(quantiles, step)
            : (100 - quantiles[at + 2], 100 - quantiles[at + 1], 100 - quantiles[at]);
    }

    /// <summary>True where CPU use comes from idle, whose low values are the bad ones.</summary>
    public static bool IsMirrored(RiskMetric metric, float idle) => metric == RiskMetric.CpuUsed && !float.IsNaN(idle);

    private static float SumOfParts(ReadOnlySpan<float> values) =>
        Math.Min(100, values[(int)Metric.CpuUser] + values[(int)Metric.CpuSys] + values[(int)Metric.CpuIoWait]);

    /// <summary>Medians add; the half-widths of independent parts add in squares.</summary>
    private static (float P10, float P50, float P90) SumOfParts(ReadOnlySpan<float> quantiles, int step)
    {
        float middle = 0, below = 0, above = 0;
        for (var part = (int)Metric.CpuUser; part <= (int)Metric.CpuIoWait; part++)
        {
            var at = ForecastShape.At(step, part);
            middle += quantiles[at + 1];
            below += (quantiles[at + 1] - quantiles[at]) * (quantiles[at + 1] - quantiles[at]);
            above += (quantiles[at + 2] - quantiles[at + 1]) * (quantiles[at + 2] - quantiles[at + 1]);
        }

        return (Math.Max(0, middle - MathF.Sqrt(below)), Math.Min(100, middle), Math.Min(100, middle + MathF.Sqrt(above)));
    }
}
