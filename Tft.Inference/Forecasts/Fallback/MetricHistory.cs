using Tft.Contract.Time;

namespace Tft.Inference.Forecasts.Fallback;

/// <summary>One metric's window with the few figures that the fallback needs.</summary>
internal readonly ref struct MetricHistory
{
    private const int LastSteps = 3;
    private const int MemoryLag = 12;

    /// <param name="values">[288], oldest first, NaN where not measured.</param>
    public MetricHistory(ReadOnlySpan<float> values)
    {
        Values = values;
        double sum = 0, squares = 0;
        for (var t = 0; t < values.Length; t++)
        {
            if (float.IsNaN(values[t]))
                continue;
            Count++;
            sum += values[t];
            squares += (double)values[t] * values[t];
        }

        if (Count == 0)
        {
            Last = float.NaN;
            return;
        }

        Mean = (float)(sum / Count);
        var variance = (squares / Count) - ((double)Mean * Mean);
        Last = MeanOfLast(values);
        Memory = variance > 1e-9 * Math.Max(1, Mean * Mean) ? MemoryOf(values, Mean) : 1f;
    }

    public ReadOnlySpan<float> Values { get; }

    /// <summary>Measured steps.</summary>
    public int Count { get; }

    public float Mean { get; }

    /// <summary>Mean of the last three measured steps.</summary>
    public float Last { get; }

    /// <summary>Damping per step, from the autocorrelation over an hour: that over one step is mostly noise.</summary>
    public float Memory { get; }

    /// <summary>Yesterday at the time of day of lead <paramref name="step"/> (0 = five minutes ahead), a little smoothed; NaN where unknown.</summary>
    public float Yesterday(int step)
    {
        float sum = 0;
        var count = 0;
        for (var t = Math.Max(0, step - 1); t <= Math.Min(TimeGrid.WindowSteps - 1, step + 1); t++)
        {
            if (float.IsNaN(Values[t]))
                continue;
            sum += Values[t];
            count++;
        }

        return count == 0 ? float.NaN : sum / count;
    }

    private static float MeanOfLast(ReadOnlySpan<float> values)
    {
        float sum = 0;
        var count = 0;
        for (var t = values.Length - 1; t >= 0 && count < LastSteps; t--)
        {
            if (float.IsNaN(values[t]))
                continue;
            sum += values[t];
            count++;
        }

        return sum / count;
    }

    private static float MemoryOf(ReadOnlySpan<float> values, float mean)
    {
        double product = 0, square = 0;
        for (var t = MemoryLag; t < values.Length; t++)
        {
            if (float.IsNaN(values[t]) || float.IsNaN(values[t - MemoryLag]))
                continue;
            product += (double)(values[t] - mean) * (values[t - MemoryLag] - mean);
            square += (double)(values[t - MemoryLag] - mean) * (values[t - MemoryLag] - mean);
        }

        var correlation = square > 0 ? Math.Clamp(product / square, 0.05, 0.98) : 0.5;
        return (float)Math.Pow(correlation, 1.0 / MemoryLag);
    }
}
