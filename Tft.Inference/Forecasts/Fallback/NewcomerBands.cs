using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Inference.Risk;

namespace Tft.Inference.Forecasts.Fallback;

/// <summary>A server of which little is known: its last sample, with a band as wide as servers of its profile usually move.</summary>
internal static class NewcomerBands
{
    public static void Write(MetricDefinition metric, ServerProfile profile, float last, Span<float> quantiles)
    {
        var width = Width(metric, profile, last);
        for (var step = 0; step < ForecastShape.Steps; step++)
        {
            var half = width * (0.4f + (0.6f * MathF.Sqrt((step + 1f) / ForecastShape.Steps)));
            ForecastShape.Write(quantiles, step, metric, last - half, last, last + half);
        }
    }

    /// <summary>Half-width of the 80 % band eight hours ahead.</summary>
    private static float Width(MetricDefinition metric, ServerProfile profile, float last)
    {
        var usual = ProfileBaselines.Get(profile, metric.Id);
        return metric.Id switch
        {
            Metric.DiskUsage => 2,
            Metric.SwapUsed => Math.Max(2, 0.5f * usual),
            Metric.MemUsed => 8,
            Metric.CpuIdle => Math.Max(10, 0.4f * (100 - usual)),
            Metric.CpuUser or Metric.CpuSys or Metric.CpuIoWait or Metric.JavaCpu => Math.Max(4, 0.5f * usual),
            _ => 0.5f * Math.Max(usual, last),
        };
    }
}
