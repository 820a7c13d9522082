namespace Tft.Forecasting.Network.Layers;

/// <summary>
/// A head whose output is the asinh of its quantiles. The last layer's normalisation bounds what a linear head can say: sound where targets are some units, not
/// where one in a thousand is fifty of them, as in the first hour of a leak. About zero both say the same.
/// </summary>
internal static unsafe class WideHead
{
    /// <summary>No quantile is beyond sinh(6), two hundred units.</summary>
    private const float Most = 6;

    /// <summary>The quantile of an output.</summary>
    public static float Open(float output) => MathF.Sinh(Math.Clamp(output, -Most, Most));

    /// <summary>Opens outputs in place.</summary>
    public static void Open(Span<float> outputs)
    {
        foreach (ref var output in outputs)
            output = Open(output);
    }

    /// <summary>Turns the gradient of quantiles into that of the outputs: d sinh(o) = cosh(o) do, and cosh² = 1 + sinh².</summary>
    /// <param name="gradient">Of some quantiles, in place.</param>
    /// <param name="quantiles">These quantiles.</param>
    /// <param name="offsets">What was added to them, or empty.</param>
    /// <param name="count">How many.</param>
    public static void Back(float* gradient, float* quantiles, ReadOnlySpan<float> offsets, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var q = quantiles[i] - (offsets.IsEmpty ? 0 : offsets[i]);
            gradient[i] *= MathF.Sqrt(1 + (q * q));
        }
    }
}
