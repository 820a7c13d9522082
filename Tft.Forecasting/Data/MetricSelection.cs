namespace Tft.Forecasting.Data;

/// <summary>Which metrics an evaluation counts.</summary>
public static class MetricSelection
{
    private const int MinDistinct = 20;

    /// <summary>
    /// Metrics with at least 20 distinct values (to six decimals) in the fit part, none of which holds half of it, whose inner 98 % span
    /// half a percent of the range, and which differ from one day to the next.
    /// </summary>
    public static int[] Kept(ServerSeries series) =>
        [.. Enumerable.Range(0, series.Metrics).Where(m => Varies(series.Values[m].AsSpan(0, series.FitSteps)))];

    private static bool Varies(ReadOnlySpan<float> fit)
    {
        var sorted = Statistics.Sorted(fit, new float[fit.Length]);
        if (sorted.Length <= Protocol.Day)
            return false;
        int distinct = 0, run = 0, longest = 0;
        var last = double.NaN;
        foreach (var v in sorted)
        {
            var rounded = Math.Round((double)v, 6);
            run = rounded == last ? run + 1 : 1;
            distinct += run == 1 ? 1 : 0;
            longest = Math.Max(longest, run);
            last = rounded;
        }

        var inner = Statistics.QuantileOfSorted(sorted, 0.99) - Statistics.QuantileOfSorted(sorted, 0.01);
        return distinct >= MinDistinct && longest <= 0.5 * sorted.Length
            && inner >= 0.005 * ((double)sorted[^1] - sorted[0]) && DailyChange(fit) >= 1e-9;
    }

    /// <summary>Mean absolute difference to the same step one day earlier: the in-sample error of seasonal naive.</summary>
    public static double DailyChange(ReadOnlySpan<float> values)
    {
        double sum = 0;
        var count = 0;
        for (var i = Protocol.Day; i < values.Length; i++)
        {
            var change = Math.Abs((double)values[i] - values[i - Protocol.Day]);
            if (double.IsNaN(change))
                continue;
            sum += change;
            count++;
        }

        return count == 0 ? 0 : sum / count;
    }
}
