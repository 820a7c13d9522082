using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Past;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.LongHistory;
using Tft.Inference.Windows;

namespace Tft.Inference.Serving.History;

/// <summary>A range of a server's steps: what was measured, from the weeks that are kept and from its window, and what had been forecast for it.</summary>
internal sealed class ServerPast
{
    private readonly float[][] _values;
    private readonly long _loaded;

    private ServerPast(long oldest, long first, long last, float[][] values, long loaded, KeptForecasts forecasts) =>
        (Oldest, First, Last, _values, _loaded, Forecasts) = (oldest, first, last, values, loaded, forecasts);

    /// <summary>Oldest step that is kept of the server.</summary>
    public long Oldest { get; }

    /// <summary>First step of the range: not before <see cref="Oldest"/>.</summary>
    public long First { get; }

    /// <summary>Last step of the range; before <see cref="First"/> where the range is empty.</summary>
    public long Last { get; }

    public KeptForecasts Forecasts { get; }

    /// <summary>What was measured; NaN where nothing was. A day before the range is known, too.</summary>
    public float Measured(Metric metric, long step) => step - _loaded is var at && at >= 0 && at < _values[0].Length ? _values[(int)metric][at] : float.NaN;

    /// <summary>Reads a range: where it has no begin, the window.</summary>
    public static ServerPast Read(ServerSnapshot server, HistoryQuery query, IFleetWindows windows, PastStore past, ForecastLog log)
    {
        var rows = new float[ForecastShape.WindowValues];
        var window = windows.Read(server.Number, rows, new ServerState[TimeGrid.WindowSteps]);
        if (window.KnownSteps == 0)
            return new ServerPast(0, 0, -1, NoValues(0), 0, new KeptForecasts([]));
        // what was handed over last may wait for the disk yet
        if (query.From is not null)
            past.Flush();
        var windowFrom = window.LastStep - window.KnownSteps + 1;
        var oldest = OldestOf(server.Name, windowFrom, past);
        var first = Math.Max(oldest, query.From ?? windowFrom);
        var last = Math.Min(window.LastStep, query.To ?? window.LastStep);
        if (last < first)
            return new ServerPast(oldest, first, first - 1, NoValues(0), first, new KeptForecasts([]));

        // a day before it, for yesterday's value
        var loaded = Math.Max(oldest, first - TimeGrid.StepsPerDay);
        var values = NoValues((int)(last - loaded + 1));
        if (loaded < windowFrom)
            past.Read(server.Name, (int)loaded, values);
        for (var step = Math.Max(loaded, windowFrom); step <= last; step++)
        {
            var row = TimeGrid.WindowSteps - 1 - (int)(window.LastStep - step);
            for (var m = 0; m < MetricCatalog.Count; m++)
                values[m][step - loaded] = rows[(row * MetricCatalog.Count) + m];
        }

        var forecasts = query.Leads is { Count: 0 } ? new KeptForecasts([]) : log.Read(server.Name, first - TimeGrid.HorizonSteps, last);
        return new ServerPast(oldest, first, last, values, loaded, forecasts);
    }

    /// <summary>The first step of a stretch need not be measured: a server begins in the middle of one.</summary>
    private static long OldestOf(string name, long windowFrom, PastStore past)
    {
        var kept = Math.Max(past.FirstStep(name), windowFrom - past.MostSteps);
        if (kept >= windowFrom)
            return windowFrom;
        var stretch = NoValues(IPastSteps.Steps);
        past.Read(name, (int)kept, stretch);
        var measured = Enumerable.Range(0, IPastSteps.Steps).FirstOrDefault(i => Array.Exists(stretch, column => !float.IsNaN(column[i])));
        return Math.Min(windowFrom, kept + measured);
    }

    private static float[][] NoValues(int steps)
    {
        float[][] values = [.. Enumerable.Range(0, MetricCatalog.Count).Select(_ => new float[steps])];
        foreach (var column in values)
            Array.Fill(column, float.NaN);
        return values;
    }
}
