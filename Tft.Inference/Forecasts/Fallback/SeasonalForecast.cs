using Tft.Contract.Metrics;
using Tft.Forecasting.Recipe.Base;

namespace Tft.Inference.Forecasts.Fallback;

/// <summary>
/// Lead h: yesterday's value at that time of day plus today's distance from yesterday, which decays with the hours; where yesterday is not
/// known, mean + (last - mean) x memory^h. Bands: <see cref="ResidualBands"/>.
/// </summary>
internal static class SeasonalForecast
{
    public static void Write(MetricDefinition metric, in MetricHistory history, Span<float> quantiles)
    {
        var bands = new ResidualBands(history);
        var yesterdayNow = history.Yesterday(0);
        var distance = float.IsNaN(yesterdayNow) ? 0 : history.Last - yesterdayNow;
        float memory = 1, decay = 1;
        for (var step = 0; step < ForecastShape.Steps; step++)
        {
            memory *= history.Memory;
            decay *= YesterdayForecast.DistanceDecay;
            var yesterday = history.Yesterday(step);
            var known = !float.IsNaN(yesterday) && !float.IsNaN(yesterdayNow);
            var p50 = known
                ? yesterday + (distance * decay)
                : history.Mean + ((history.Last - history.Mean) * memory);
            var (below, above) = bands.At(step, known);
            ForecastShape.Write(quantiles, step, metric, p50 - below, p50, p50 + above);
        }
    }
}
