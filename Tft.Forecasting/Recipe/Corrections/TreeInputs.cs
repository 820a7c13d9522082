using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Recipe.Corrections;

/// <summary>
/// What the trees see of one metric of a window at one lead: the networks' inputs of the future, what the base is made of, the last two hours step by step, yesterday
/// about the target, the last differences in units of the band, and how coarse the metric's grid is beside its band. As with the networks, neither the server nor the
/// metric is named, nor the time of day.
/// </summary>
internal static class TreeInputs
{
    private const int Lags = 24;
    private const int Differences = 11;
    private const int YesterdayBefore = 4;
    private const int YesterdayAfter = 8;
    private const int FirstMean = 3;
    private const int FirstLead = 2;
    private const int Newest = Protocol.Context - 1;

    /// <summary>Names of the inputs, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. NetworkInputs.FutureNames,
        "stress", "others_strength",
        "mean_3_4", "mean_5_7", "mean_hour", "mean_hour_before", "mean_4h", "mean_day", "others_now", "others_hour",
        "lag_ridge_usual", "smooth_usual", "median_usual",
        .. Enumerable.Range(0, Lags).Select(k => $"anomaly_{k}"),
        .. Enumerable.Range(-YesterdayBefore, YesterdayBefore + YesterdayAfter + 1).Select(d => $"yesterday_{d}"),
        .. Enumerable.Range(1, Differences).Select(k => $"change_{k}"),
        "grid_band", "grid_usual", "band_p10", "band_p50", "band_p90", "cell", "log_band",
    ];

    /// <summary>Number of inputs.</summary>
    public static int Count { get; } = Names.Count;

    /// <summary>Fills the inputs of some leads of a metric whose base is computed.</summary>
    /// <param name="view">The window.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="forecast">Its base.</param>
    /// <param name="leads">Leads in steps, from 1.</param>
    /// <param name="rows">[leads, <see cref="Count"/>].</param>
    public static void Fill(WindowView view, int metric, BaseForecast forecast, ReadOnlySpan<int> leads, Span<float> rows)
    {
        var a = view.Anomalies(metric);
        var x = view.Values(metric);
        var future = new FutureInputs(view, metric, forecast);
        var (features, scale, grid) = (forecast.Features, view.Scale(metric), view.Tables.Metrics[metric].Grid);
        for (var i = 0; i < leads.Length; i++)
        {
            var row = rows.Slice(i * Count, Count);
            var lead = leads[i] - 1;
            var unit = forecast.Unit[lead];
            future.Row(lead, row);
            var at = NetworkInputs.Future;
            row[at++] = forecast.State[6];
            row[at++] = forecast.State[7];
            for (var f = FirstMean; f < LeadFeatures.Common; f++)
                row[at++] = features.Origin[f];
            for (var f = FirstLead; f < LeadFeatures.PerLead; f++)
                row[at++] = features.Leads[f][lead];
            for (var k = 0; k < Lags; k++)
                row[at++] = a[Newest - k];
            // a day before the last leads' neighbours is what has just been measured
            for (var d = -YesterdayBefore; d <= YesterdayAfter; d++)
                row[at++] = a[Math.Clamp(lead + d, 0, Newest)];
            for (var k = 1; k <= Differences; k++)
                row[at++] = (x[Newest - k] - x[Newest]) / (scale * unit);
            row[at++] = grid / (scale * unit);
            row[at++] = grid / scale;
            for (var q = 0; q < 3; q++)
                row[at++] = forecast.Quantiles[(lead * 3) + q];
            var center = features.Location[lead] + (scale * forecast.Anomaly[lead]);
            row[at++] = grid > 0 ? (center - GridStep.Round(center, grid)) / grid : 0;
            row[at] = MathF.Log(unit);
        }
    }
}
