using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Forecasts.Past;
using Tft.Inference.Windows;

namespace Tft.Inference.Forecasts.Quality;

/// <summary>One server's forecasts, and what came of them. Whoever uses it locks it.</summary>
internal sealed class QualityTrack(string name)
{
    private readonly ForecastArchive _archive = new();

    public string Name => name;

    public QualitySums Sums { get; private set; } = new();

    /// <summary>Last step that was judged, or that needs no judging; <see cref="long.MinValue"/> before the first forecast.</summary>
    public long LastStep { get; private set; } = long.MinValue;

    /// <summary>Goes on from before a restart, before the first <see cref="See"/>.</summary>
    /// <param name="kept">What was kept of this server; null where nothing was.</param>
    /// <param name="earlier">What had been forecast for it.</param>
    /// <param name="window">Where its window stands.</param>
    /// <param name="values">[288 x 14].</param>
    public void Resume(KeptQuality? kept, EarlierForecasts earlier, WindowInfo window, ReadOnlySpan<float> values)
    {
        Sums = kept?.Sums ?? Sums;
        // Steps that a window lost are not judged twice. One that is a day behind stood at another time: waiting for what was judged last could take for ever.
        if (kept?.LastStep <= window.LastStep + TimeGrid.WindowSteps)
            LastStep = kept.LastStep;
        var first = FirstNew(window);
        var forecasts = earlier.Of(name, first - TimeGrid.HorizonSteps, window.LastStep - 1);
        for (var step = first; step <= window.LastStep; step++)
            Judge(step, RowOf(step, window, values), forecasts);
        _archive.Restore(window.LastStep, values, forecasts);
        LastStep = Math.Max(LastStep, window.LastStep);
    }

    /// <returns>True where something was judged.</returns>
    public bool See(WindowInfo window, ReadOnlySpan<float> values, ReadOnlySpan<float> quantiles)
    {
        // A late record renews a forecast; the steps before it have been judged.
        var first = FirstNew(window);
        for (var step = first; step <= window.LastStep; step++)
            Judge(step, RowOf(step, window, values), null);
        _archive.Keep(window.LastStep, values, quantiles);
        LastStep = Math.Max(LastStep, window.LastStep);
        return first <= window.LastStep;
    }

    /// <summary>First step of the window that is to be judged; after its last one where none is.</summary>
    private long FirstNew(WindowInfo window) =>
        LastStep == long.MinValue ? window.LastStep + 1 : Math.Max(LastStep + 1, window.LastStep - window.KnownSteps + 1);

    private static ReadOnlySpan<float> RowOf(long step, WindowInfo window, ReadOnlySpan<float> values) =>
        values[((TimeGrid.WindowSteps - 1 - (int)(window.LastStep - step)) * MetricCatalog.Count)..];

    private void Judge(long step, ReadOnlySpan<float> row, KeptForecasts? earlier)
    {
        for (var which = 0; which < ForecastArchive.Leads.Length; which++)
        {
            for (var metric = (Metric)0; (int)metric < MetricCatalog.Count; metric++)
            {
                // a day before it is not in the window; such a step counts for coverage alone
                if (_archive.TryGet(which, step, metric, out var kept) || ForecastArchive.TryGet(earlier, which, step, metric, float.NaN, out kept))
                    Sums.Add(which, metric, step, kept, row[(int)metric]);
            }
        }
    }
}
