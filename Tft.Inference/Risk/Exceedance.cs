namespace Tft.Inference.Risk;

/// <summary>Probability that a value lies above a threshold, from its three quantiles.</summary>
internal static class Exceedance
{
    /// <summary>
    /// The distribution is linear between p10, p50 and p90; beyond them it decays exponentially at the rate that keeps the density
    /// continuous: P(x &gt; c) = 0.1 exp(-4 (c - p90) / (p90 - p50)), and the mirror image below p10.
    /// </summary>
    /// <returns>0..1; 0 where the quantiles are NaN.</returns>
    public static float Above(float threshold, float p10, float p50, float p90)
    {
        if (float.IsNaN(p50))
            return 0;
        if (threshold >= p90)
        {
            var width = p90 - p50;
            return width > 0 ? 0.1f * MathF.Exp(-4 * (threshold - p90) / width) : threshold > p90 ? 0 : 0.1f;
        }

        if (threshold >= p50)
            return 0.5f - (0.4f * (threshold - p50) / (p90 - p50));
        if (threshold >= p10)
            return 0.9f - (0.4f * (threshold - p10) / (p50 - p10));
        var below = p50 - p10;
        return below > 0 ? 1 - (0.1f * MathF.Exp(-4 * (p10 - threshold) / below)) : 1;
    }
}
