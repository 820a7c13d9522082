using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe.Tables;

/// <summary>The step of the grid on which a metric is reported (counts, whole percents), learned from its values.</summary>
public static class GridStep
{
    private const double Tolerance = 0.02;
    private const double Share = 0.99;

    /// <summary>The largest step of which (almost) all values are multiples, or 0 where there is none that is worth rounding to.</summary>
    /// <param name="values">Measured values; NaN is left out.</param>
    /// <param name="scale">Size of the metric's usual deviations; a grid finer than a fiftieth of it is none.</param>
    public static float Find(ReadOnlySpan<float> values, double scale)
    {
        var sorted = Statistics.Sorted(values, new float[values.Length]);
        if (sorted.Length < 2)
            return 0;
        var smallest = Math.Max(scale / 50, 1e-6 * Math.Max(Math.Abs(sorted[0]), Math.Abs(sorted[^1])));
        var step = double.PositiveInfinity;
        for (var i = 1; i < sorted.Length; i++)
        {
            var difference = (double)sorted[i] - sorted[i - 1];
            if (difference > 0 && difference < smallest && difference > 1e-6 * Math.Abs(sorted[i]))
                return 0;
            if (difference >= smallest)
                step = Math.Min(step, difference);
        }

        if (!double.IsFinite(step))
            return 0;

        // the mean over many steps is more exact than one difference of rounded numbers
        var whole = Math.Round(((double)sorted[^1] - sorted[0]) / step);
        step = ((double)sorted[^1] - sorted[0]) / whole;
        var onGrid = 0;
        foreach (var v in sorted)
        {
            var multiple = v / step;
            onGrid += Math.Abs(multiple - Math.Round(multiple)) < Tolerance ? 1 : 0;
        }

        return onGrid >= Share * sorted.Length ? (float)step : 0;
    }

    /// <summary>The nearest multiple of the step; the value itself where there is no grid.</summary>
    public static float Round(float value, float step) => step > 0 ? (float)(Math.Round((double)value / step) * step) : value;
}
