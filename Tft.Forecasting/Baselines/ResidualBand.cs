using Tft.Forecasting.Data;

namespace Tft.Forecasting.Baselines;

/// <summary>The band of a point forecast: p10 and p90 of its residuals at every sixth step of the fit part.</summary>
internal static class ResidualBand
{
    private const int Step = 6;

    public static IEnumerable<int> Origins(int fit)
    {
        for (var o = Protocol.LookBack; o < fit - Protocol.Horizon; o += Step)
            yield return o;
    }

    /// <summary>p10 and p90; what is not finite is left out. The values come back in another order.</summary>
    public static (float Low, float High) Of(Span<float> residuals)
    {
        var sorted = Statistics.Sorted(residuals, residuals);
        return sorted.Length == 0 ? (0, 0) : ((float)Statistics.QuantileOfSorted(sorted, 0.1), (float)Statistics.QuantileOfSorted(sorted, 0.9));
    }
}
