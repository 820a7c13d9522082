using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Recipe.Corrections;

/// <summary>
/// What the trees see of one metric of a window at one lead: the networks' inputs of the future, what the base is made of, the last two hours step by step, yesterday
/// about the target, the last differences in units of the band, how coarse the metric's grid is beside its band, how yesterday and the usual day went on from here, and
/// what comes again every hour or so (<see cref="PeriodEffects"/>). As with the networks, neither the server nor the metric is named, nor the time of day.
/// </summary>
internal static class TreeInputs
{
    private const int Lags = 24;
    private const int Differences = 11;
    private const int YesterdayBefore = 4;
    private const int YesterdayAfter = 8;
    private const int Hour = Protocol.Day / 24;
    private const int HoursBefore = 4;
    private const int FirstMean = 3;
    private const int FirstLead = 2;
    private const int Newest = Protocol.Context - 1;

    // an hour, half of one, a quarter, two: how often jobs run
    private static readonly int[] s_periods = [Hour, Hour / 2, Hour / 4, 2 * Hour];

    /// <summary>Names of the inputs, in order. Others may be added after them: trees that do not know those stay valid.</summary>
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
        "yesterday_rise", "yesterday_distance", "yesterday_expected", "yesterday_rough", "usual_rise", "smooth_rise",
        .. Enumerable.Range(1, HoursBefore).Select(k => $"hour_before_{k}"), "half_hour_before",
        "hour_effect", .. s_periods.Select(p => $"effect_rise_{p}"),
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
        var profile = view.Tables.Metrics[metric].Profile;
        var effects = new PeriodEffects(x, stackalloc float[PeriodEffects.Room]);
        Span<float> now = stackalloc float[s_periods.Length];
        for (var p = 0; p < now.Length; p++)
            now[p] = effects.Of(0, s_periods[p]);
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
            row[at++] = MathF.Log(unit);
            at += Days(x, profile, view, lead, center, scale * unit, row[at..]);
            for (var k = 1; k <= HoursBefore; k++)
                row[at++] = (effects.Before(leads[i], Hour, k) - center) / (scale * unit);
            row[at++] = (effects.Before(leads[i], Hour / 2, 1) - center) / (scale * unit);
            row[at++] = effects.Of(leads[i], Hour) / (scale * unit);
            for (var p = 0; p < now.Length; p++)
                row[at++] = (effects.Of(leads[i], s_periods[p]) - now[p]) / (scale * unit);
        }
    }

    /// <summary>How yesterday and the usual day went on from this time to the target; the oldest step of the window stands for this time yesterday.</summary>
    private static int Days(ReadOnlySpan<float> x, DayProfile profile, WindowView view, int lead, float center, float unit, Span<float> row)
    {
        var target = Math.Min(lead + 1, Newest);
        row[0] = (x[target] - x[0]) / unit;
        row[1] = (x[Newest] - x[0]) / unit;
        row[2] = (x[Newest] + x[target] - x[0] - center) / unit;
        var rough = 0f;
        for (var d = 1; d <= Hour; d++)
            rough += Math.Abs(x[lead + 1 + d] - x[lead + d]);
        row[3] = rough / Hour / unit;
        var (then, slot) = (view.SlotAhead(lead), view.OriginSlot);
        row[4] = (profile.Location[then] - profile.Location[slot]) / unit;
        row[5] = (profile.Smooth[then] - profile.Smooth[slot]) / unit;
        return 6;
    }
}
