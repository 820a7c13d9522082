using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Forecasts;
using Tft.Inference.Windows;

namespace Tft.Inference.Risk;

/// <summary>
/// Each server's own median load, which its load thresholds are multiples of: the median of the last day, followed with a time constant
/// of a week. One writer.
/// </summary>
internal sealed class LoadMedians
{
    private const float PerStep = 1f / (7 * TimeGrid.StepsPerDay);

    private float[] _medians = [];

    /// <summary>Takes a window [288 x 14] in and gives the median; NaN for a newcomer.</summary>
    public float Update(int server, WindowInfo window, ReadOnlySpan<float> values)
    {
        if (server >= _medians.Length)
        {
            var old = _medians.Length;
            Array.Resize(ref _medians, Math.Max(server + 1, old * 2));
            _medians.AsSpan(old).Fill(float.NaN);
        }

        if (window.KnownSteps < ForecastShape.MinimumSteps)
            return float.NaN;
        Span<float> loads = stackalloc float[TimeGrid.WindowSteps];
        var count = 0;
        for (var t = TimeGrid.WindowSteps - window.KnownSteps; t < TimeGrid.WindowSteps; t++)
        {
            var load = values[(t * ForecastShape.Metrics) + (int)Metric.LoadAverage];
            if (!float.IsNaN(load))
                loads[count++] = load;
        }

        if (count < ForecastShape.MinimumSteps / 2)
            return _medians[server];
        loads = loads[..count];
        loads.Sort();
        var day = loads[count / 2];
        ref var median = ref _medians[server];
        median = float.IsNaN(median) ? day : median + ((day - median) * PerStep);
        return median;
    }
}
