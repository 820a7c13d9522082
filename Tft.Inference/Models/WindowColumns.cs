using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Forecasts;
using Tft.Inference.State;

namespace Tft.Inference.Models;

/// <summary>
/// The metrics of a window that the model forecasts, column by column. Left out are uptime, which is a clock, and metrics that the window
/// hardly measured or in which nothing moves: there is nothing to learn a day from. One instance belongs to one thread.
/// </summary>
internal sealed class WindowColumns
{
    /// <summary>Steps of a metric that a window for the networks has measured.</summary>
    public const int LeastMeasured = (int)(ForecastShape.ReadyShare * TimeGrid.WindowSteps);

    /// <summary>Steps from which the recipe's base is better than the rules: with fewer both err alike (docs/models.md).</summary>
    public const int LeastForBase = TimeGrid.WindowSteps / 2;
    private const int LeastDistinct = 3;

    private readonly float[][] _all = [.. Enumerable.Range(0, ForecastShape.Metrics).Select(_ => new float[TimeGrid.WindowSteps])];
    private readonly float[][][] _taken = [.. Enumerable.Range(0, ForecastShape.Metrics + 1).Select(n => new float[n][])];
    private readonly Metric[] _metrics = new Metric[ForecastShape.Metrics];

    /// <summary>The metrics that were taken.</summary>
    public ReadOnlySpan<Metric> Metrics => _metrics.AsSpan(0, Values.Length);

    /// <summary>The metrics of the window that move, one bit each.</summary>
    public ushort Moving { get; private set; }

    /// <summary>[taken][288].</summary>
    public float[][] Values { get; private set; } = [];

    /// <summary>Takes the columns of a window [288 x 14] apart; those with fewer measured steps are left out.</summary>
    public void Take(ReadOnlySpan<float> window, int leastMeasured = LeastMeasured)
    {
        var count = 0;
        foreach (var metric in MetricCatalog.All)
        {
            var column = _all[count];
            Column(window, metric.Id, column);
            if (!IsForecast(metric.Id, column, leastMeasured))
                continue;
            _metrics[count++] = metric.Id;
        }

        SetValues(count);
        Moving = 0;
        foreach (var metric in Metrics)
            Moving |= WeeksState.Bit(metric);
    }

    /// <summary>Takes the columns of these metrics, whether they move or not: a state knows them by more than this window. <see cref="Moving"/> stays.</summary>
    /// <param name="window">[288 x 14].</param>
    /// <param name="metrics">One bit for each metric.</param>
    public void TakeKnown(ReadOnlySpan<float> window, ushort metrics)
    {
        var count = 0;
        foreach (var metric in MetricCatalog.All)
        {
            if ((metrics & WeeksState.Bit(metric.Id)) == 0)
                continue;
            Column(window, metric.Id, _all[count]);
            _metrics[count++] = metric.Id;
        }

        SetValues(count);
    }

    /// <summary>Whether a model can forecast a metric of which this was measured; its last day decides whether enough of it was.</summary>
    public static bool IsForecast(Metric metric, ReadOnlySpan<float> column, int leastMeasured) => metric != Metric.UptimeDays && Moves(column, leastMeasured);

    private static void Column(ReadOnlySpan<float> window, Metric metric, float[] column)
    {
        for (var t = 0; t < column.Length; t++)
            column[t] = window[(t * ForecastShape.Metrics) + (int)metric];
    }

    private void SetValues(int count)
    {
        Values = _taken[count];
        for (var i = 0; i < count; i++)
            Values[i] = _all[i];
    }

    private static bool Moves(ReadOnlySpan<float> column, int leastMeasured)
    {
        Span<float> distinct = stackalloc float[LeastDistinct];
        var (found, measured) = (0, 0);
        for (var i = 0; i < column.Length; i++)
        {
            var value = column[i];
            if (float.IsNaN(value))
                continue;
            measured += i >= column.Length - TimeGrid.WindowSteps ? 1 : 0;
            if (found < LeastDistinct && !distinct[..found].Contains(value))
                distinct[found++] = value;
        }

        return found == LeastDistinct && measured >= leastMeasured;
    }
}
