namespace Tft.Forecasting.Recipe.Base;

/// <summary>The straight line through the newest anomalies, by least squares: where a leak would be if it went on.</summary>
/// <param name="Level">The line at the origin.</param>
/// <param name="Slope">Its rise per step.</param>
/// <param name="Straightness">Share of the variance that the line explains, 0 to 1, with the sign of the slope.</param>
internal readonly record struct TrendLine(float Level, float Slope, float Straightness)
{
    /// <summary>A line is believed this far from usual, in units of anomalies.</summary>
    private const float Most = 100;

    /// <summary>The line through values one step apart, the last one at the origin.</summary>
    public static TrendLine Of(ReadOnlySpan<float> values)
    {
        var middle = (values.Length - 1) / 2f;
        float sum = 0, product = 0, squares = 0;
        foreach (var v in values)
            sum += v;
        var mean = sum / values.Length;
        for (var i = 0; i < values.Length; i++)
        {
            product += (i - middle) * (values[i] - mean);
            squares += (values[i] - mean) * (values[i] - mean);
        }

        var width = values.Length * (((float)values.Length * values.Length) - 1) / 12;
        var slope = product / width;
        return new TrendLine(mean + (slope * middle), slope, squares > 0 ? MathF.CopySign(product * product / (width * squares), slope) : 0);
    }

    /// <summary>The line at a lead (0 is one step ahead).</summary>
    public float At(int lead) => Math.Clamp(Level + (Slope * (lead + 1)), -Most, Most);
}
