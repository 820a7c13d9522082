using System.Runtime.CompilerServices;
using Tft.Contract.Metrics;
using Tft.Contract.Time;

namespace Tft.Inference.Forecasts;

/// <summary>Sizes and layout of a server's forecast: [96 steps x 14 metrics x 3 quantiles], row-major.</summary>
internal static class ForecastShape
{
    public const int Steps = TimeGrid.HorizonSteps;
    public const int Metrics = MetricCatalog.Count;
    public const int Quantiles = 3;
    public const int PerServer = Steps * Metrics * Quantiles;
    public const int WindowValues = TimeGrid.WindowSteps * Metrics;

    /// <summary>Closed steps from which a server has a forecast of its own.</summary>
    public const int MinimumSteps = 36;

    /// <summary>Share of a ready server's window that was measured.</summary>
    public const double ReadyShare = 0.8;

    /// <summary>Position of the p10 of a step (0 = five minutes ahead) and metric; p50 and p90 follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(int step, int metric) => ((step * Metrics) + metric) * Quantiles;

    /// <summary>Brings three quantiles into order and into the metric's range; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<float> quantiles, int step, MetricDefinition metric, float p10, float p50, float p90)
    {
        var at = At(step, (int)metric.Id);
        p50 = metric.Clamp(p50);
        quantiles[at] = metric.Clamp(Math.Min(p10, p50));
        quantiles[at + 1] = p50;
        quantiles[at + 2] = metric.Clamp(Math.Max(p90, p50));
    }
}
