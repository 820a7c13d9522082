namespace Tft.Forecasting.Data;

/// <summary>Means and quantiles of measured values; NaN is left out.</summary>
public static class Statistics
{
    /// <summary>Quantile with linear interpolation between the two nearest of the sorted values, NaN of none.</summary>
    public static double QuantileOfSorted(ReadOnlySpan<float> sorted, double q)
    {
        if (sorted.Length == 0)
            return double.NaN;
        var at = q * (sorted.Length - 1);
        var low = (int)at;
        return low + 1 < sorted.Length ? sorted[low] + ((at - low) * ((double)sorted[low + 1] - sorted[low])) : sorted[low];
    }

    /// <summary>Copies the finite values to <paramref name="into"/> and sorts them.</summary>
    /// <returns>The sorted part of <paramref name="into"/>.</returns>
    public static Span<float> Sorted(ReadOnlySpan<float> values, Span<float> into)
    {
        var count = 0;
        foreach (var v in values)
        {
            if (float.IsFinite(v))
                into[count++] = v;
        }

        into[..count].Sort();
        return into[..count];
    }

    /// <summary>Mean, standard deviation (of the population) and number of the finite values; NaN, NaN, 0 of none.</summary>
    public static (double Mean, double Deviation, int Count) Moments(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        var count = 0;
        foreach (var v in values)
        {
            if (!float.IsFinite(v))
                continue;
            sum += v;
            count++;
        }

        if (count == 0)
            return (double.NaN, double.NaN, 0);
        var mean = sum / count;
        foreach (var v in values)
        {
            if (float.IsFinite(v))
                squares += (v - mean) * (v - mean);
        }

        return (mean, Math.Sqrt(squares / count), count);
    }
}
