using Tft.Dashboard.Fleet;

namespace Tft.Dashboard.Charts;

/// <summary>When the forecast first reaches a threshold; null times where it does not within the horizon.</summary>
/// <param name="Level">Of the threshold.</param>
/// <param name="Value">Of the threshold, in the metric's unit.</param>
/// <param name="ByP90">When the pessimistic edge of the band reaches it (p90, or p10 where low is bad).</param>
/// <param name="ByP50">When the middle reaches it.</param>
public sealed record Crossing(Level Level, double Value, DateTimeOffset? ByP90, DateTimeOffset? ByP50)
{
    /// <summary>Crossings of the highest threshold that is reached at all; null if none is, or if it is exceeded already.</summary>
    public static Crossing? WorstOf(BandSeries series)
    {
        foreach (var threshold in series.Thresholds.OrderByDescending(t => t.Level))
        {
            var edge = FirstReach(series, series.LowIsBad ? series.P10 : series.P90, threshold.Value);
            var middle = FirstReach(series, series.P50, threshold.Value);
            if (edge is not null || middle is not null)
            {
                return new(threshold.Level, threshold.Value, edge, middle);
            }
        }

        return null;
    }

    private static DateTimeOffset? FirstReach(BandSeries series, double[] values, double threshold)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (series.LowIsBad ? values[i] <= threshold : values[i] >= threshold)
            {
                return series.ForecastAt(i);
            }
        }

        return null;
    }
}
