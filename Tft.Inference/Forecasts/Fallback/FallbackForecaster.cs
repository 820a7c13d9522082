using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Windows;

namespace Tft.Inference.Forecasts.Fallback;

/// <summary>
/// The forecast without a model. 0 to 35 closed steps: the last sample with bands of the profile's width. From 36 steps the damped
/// last value, and yesterday's value at the same time of day where the day is known, both with bands from the window's own residuals.
/// </summary>
internal sealed class FallbackForecaster : IForecaster
{
    public ModelInfo Model { get; } = new() { Type = "fallback", Version = null, Engine = "managed", Device = "cpu" };

    public void Forecast(ForecastBatch batch) => Forecast(batch, FallbackReasons.NoModel);

    /// <summary>A whole batch; servers that are ready for the TFT bear <paramref name="reason"/>.</summary>
    public static void Forecast(ForecastBatch batch, string reason)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            batch.Notes[i] = new ForecastNote(ReasonOf(batch.Windows[i]) ?? reason);
            Forecast(batch.Values(i), batch.Windows[i], batch.Facts[i], batch.Quantiles(i));
        }
    }

    /// <summary>Why this window is not one for the TFT; null where it is.</summary>
    public static string? ReasonOf(WindowInfo window) => window.KnownSteps switch
    {
        < ForecastShape.MinimumSteps => FallbackReasons.WarmingUp,
        < TimeGrid.WindowSteps => FallbackReasons.ShortWindow,
        _ when window.MeasuredSteps < ForecastShape.ReadyShare * TimeGrid.WindowSteps => FallbackReasons.SparseWindow,
        _ => null,
    };

    /// <summary>One server: <paramref name="values"/> [288 x 14] to <paramref name="quantiles"/> [96 x 14 x 3].</summary>
    public static void Forecast(ReadOnlySpan<float> values, WindowInfo window, in ServerFacts facts, Span<float> quantiles)
    {
        foreach (var metric in MetricCatalog.All)
            Forecast(metric, values, window, facts, quantiles);
    }

    /// <summary>One metric of a server.</summary>
    public static void Forecast(MetricDefinition metric, ReadOnlySpan<float> values, WindowInfo window, in ServerFacts facts, Span<float> quantiles)
    {
        Span<float> column = stackalloc float[TimeGrid.WindowSteps];
        for (var t = 0; t < column.Length; t++)
            column[t] = window.KnownSteps == 0 ? float.NaN : values[(t * ForecastShape.Metrics) + (int)metric.Id];

        var history = new MetricHistory(column);
        var last = history.Count > 0 ? history.Last : facts.Last.Get(metric.Id);
        if (float.IsNaN(last))
            Missing(metric, quantiles);
        else if (metric.Id == Metric.UptimeDays)
            Uptime(metric, last, quantiles);
        else if (window.KnownSteps < ForecastShape.MinimumSteps || history.Count < ForecastShape.MinimumSteps / 2)
            NewcomerBands.Write(metric, facts.Profile, facts.Last.Has(metric.Id) ? facts.Last.Get(metric.Id) : last, quantiles);
        else
            SeasonalForecast.Write(metric, history, quantiles);
    }

    private static void Missing(MetricDefinition metric, Span<float> quantiles)
    {
        for (var step = 0; step < ForecastShape.Steps; step++)
            quantiles.Slice(ForecastShape.At(step, (int)metric.Id), ForecastShape.Quantiles).Fill(float.NaN);
    }

    /// <summary>A clock, not a series: it goes on at one day a day. The band is the rounding of the sources.</summary>
    private static void Uptime(MetricDefinition metric, float last, Span<float> quantiles)
    {
        const float rounding = 0.01f;
        for (var step = 0; step < ForecastShape.Steps; step++)
        {
            var value = last + ((step + 1f) / TimeGrid.StepsPerDay);
            ForecastShape.Write(quantiles, step, metric, value - rounding, value, value + rounding);
        }
    }
}
