namespace Tft.Forecasting.Network;

/// <summary>Pinball loss, paper eq. 24-26: the mean over seen targets and quantiles of max(q e, (q - 1) e), e = target - forecast.</summary>
internal static unsafe class QuantileLoss
{
    /// <summary>Sum of the weights of targets that are seen.</summary>
    public static double SeenWeight(ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        var sum = 0.0;
        for (var i = 0; i < targets.Length; i++)
        {
            sum += float.IsNaN(targets[i]) ? 0.0 : weights[i];
        }

        return sum;
    }

    /// <summary>Weighted sum of the loss of one window, and its gradient.</summary>
    /// <param name="forecast">[D, M Q], rows <paramref name="row"/> floats apart.</param>
    /// <param name="gradient">Same layout, written: d(sum * <paramref name="scale"/>) / d(forecast).</param>
    /// <param name="row">Floats from row to row.</param>
    /// <param name="targets">[D, M]; NaN is left out.</param>
    /// <param name="weights">[D, M].</param>
    /// <param name="metrics">M.</param>
    /// <param name="quantiles">Q levels.</param>
    /// <param name="scale">1 / (sum of the batch's weights * Q).</param>
    public static double Sum(
        float* forecast, float* gradient, nint row, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, int metrics, ReadOnlySpan<float> quantiles, float scale)
    {
        var sum = 0.0;
        for (var i = 0; i < targets.Length; i++)
        {
            var at = (i / metrics * row) + (i % metrics * quantiles.Length);
            for (var j = 0; j < quantiles.Length; j++)
            {
                var (q, e) = (quantiles[j], targets[i] - forecast[at + j]);
                if (float.IsNaN(targets[i]))
                {
                    gradient[at + j] = 0f;
                    continue;
                }

                // in the kink the subgradient halfway, as PyTorch takes it
                var slope = e > 0f ? q : e < 0f ? q - 1f : e == 0f ? q - 0.5f : float.NaN;
                sum += (double)(slope * e) * weights[i];
                gradient[at + j] = -slope * weights[i] * scale;
            }
        }

        return sum;
    }

    /// <summary>Weighted sum of the loss of forecasts [N, Q] against targets [N].</summary>
    public static double Sum(ReadOnlySpan<float> forecast, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> quantiles)
    {
        var sum = 0.0;
        for (var i = 0; i < targets.Length; i++)
        {
            for (var j = 0; j < quantiles.Length && !float.IsNaN(targets[i]); j++)
            {
                var (q, e) = (quantiles[j], targets[i] - forecast[(i * quantiles.Length) + j]);
                sum += Math.Max(q * e, (q - 1f) * e) * (double)weights[i];
            }
        }

        return sum;
    }
}
