using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Forecasts;

namespace Tft.Inference.Models;

/// <summary>
/// The metrics of a window that the model forecasts, column by column. Left out are uptime, which is a clock, and metrics that the window
/// hardly measured or in which nothing moves: there is nothing to learn a day from. One instance belongs to one thread.
/// </summary>
internal sealed class WindowColumns
{
    /// <summary>Steps of a metric that a window for the networks has measured.</summary>
    public const int LeastMeasured = (int)(ForecastShape.ReadyShare * TimeGrid.WindowSteps);
    private const int LeastDistinct = 3;

    private readonly float[][] _all = [.. Enumerable.Range(0, ForecastShape.Metrics).Select(_ => new float[TimeGrid.WindowSteps])];
    private readonly float[][][] _taken = [.. Enumerable.Range(0, ForecastShape.Metrics + 1).Select(n => new float[n][])];
    private readonly Metric[] _metrics = new Metric[ForecastShape.Metrics];

    /// <summary>The metrics that were taken.</summary>
    public ReadOnlySpan<Metric> Metrics => _metrics.AsSpan(0, Values.Length);

    /// <summary>[taken][288].</summary>
    public float[][] Values { get; private set; } = [];

    /// <summary>Takes the columns of a window [288 x 14] apart; those with fewer measured steps are left out.</summary>
    public void Take(ReadOnlySpan<float> window, int leastMeasured = LeastMeasured)
    {
        var count = 0;
        foreach (var metric in MetricCatalog.All)
        {
            var column = _all[count];
            for (var t = 0; t < column.Length; t++)
                column[t] = window[(t * ForecastShape.Metrics) + (int)metric.Id];
            if (metric.Id == Metric.UptimeDays || !Moves(column, leastMeasured))
                continue;
            _metrics[count++] = metric.Id;
        }

        Values = _taken[count];
        for (var i = 0; i < count; i++)
            Values[i] = _all[i];
    }

    private static bool Moves(ReadOnlySpan<float> column, int leastMeasured)
    {
        Span<float> distinct = stackalloc float[LeastDistinct];
        var (found, measured) = (0, 0);
        foreach (var value in column)
        {
            if (float.IsNaN(value))
                continue;
            measured++;
            if (found < LeastDistinct && !distinct[..found].Contains(value))
                distinct[found++] = value;
        }

        return found == LeastDistinct && measured >= leastMeasured;
    }
}
