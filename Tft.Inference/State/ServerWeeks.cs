using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Forecasts;
using Tft.Inference.LongHistory;
using Tft.Inference.Models;
using Tft.Inference.Windows;

namespace Tft.Inference.State;

/// <summary>The weeks of a server, one server after the other in the same memory: what is kept, and its window at the end.</summary>
internal sealed class ServerWeeks(PastStore past, IFleetWindows windows)
{
    private readonly float[][] _values = [.. MetricCatalog.All.Select(_ => new float[past.MostSteps])];
    private readonly float[] _window = new float[ForecastShape.WindowValues];
    private readonly Contract.Servers.ServerState[] _states = new Contract.Servers.ServerState[TimeGrid.WindowSteps];

    /// <summary>Step of the first value.</summary>
    public int FirstStep { get; private set; }

    /// <summary>Steps from the first measured one to the last closed.</summary>
    public int Steps { get; private set; }

    /// <summary>Last closed step.</summary>
    public int LastStep => FirstStep + Steps - 1;

    /// <summary>The metrics that a model can forecast, one bit each: uptime is a clock, and in others nothing moves.</summary>
    public ushort Moving { get; private set; }

    /// <summary>Takes a server; false where there is less of it than this.</summary>
    public bool TryTake(int server, string name, int fewestSteps)
    {
        var info = windows.Read(server, _window, _states);
        var end = (int)info.LastStep + 1;
        var first = Math.Max(past.FirstStep(name), end - past.MostSteps);
        if (info.KnownSteps < TimeGrid.WindowSteps || end - first < fewestSteps)
            return false;
        foreach (var column in _values)
            Array.Fill(column, float.NaN);
        past.Read(name, first, _values);
        for (var t = 0; t < TimeGrid.WindowSteps; t++)
        {
            var at = end - TimeGrid.WindowSteps + t - first;
            for (var m = 0; m < MetricCatalog.Count; m++)
                _values[m][at] = _window[(t * MetricCatalog.Count) + m];
        }

        (FirstStep, Steps) = (first, end - first);
        Trim();
        Moving = 0;
        foreach (var metric in MetricCatalog.All)
        {
            if (WindowColumns.IsForecast(metric.Id, _values[(int)metric.Id].AsSpan(0, Steps), WindowColumns.LeastMeasured))
                Moving |= WeeksState.Bit(metric.Id);
        }

        return Steps >= fewestSteps;
    }

    /// <summary>[taken][steps or more] of these metrics.</summary>
    public float[][] Columns(ushort metrics) => [.. MetricCatalog.All.Where(m => (metrics & WeeksState.Bit(m.Id)) != 0).Select(m => _values[(int)m.Id])];

    /// <summary>A stretch may begin before the server did.</summary>
    private void Trim()
    {
        var empty = 0;
        while (empty < Steps && _values.All(column => float.IsNaN(column[empty])))
            empty++;
        if (empty == 0)
            return;
        foreach (var column in _values)
        {
            Array.Copy(column, empty, column, 0, Steps - empty);
            Array.Fill(column, float.NaN, Steps - empty, empty);
        }

        (FirstStep, Steps) = (FirstStep + empty, Steps - empty);
    }
}
