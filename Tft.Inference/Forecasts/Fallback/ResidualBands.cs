using System.Runtime.CompilerServices;
using Tft.Contract.Time;

namespace Tft.Inference.Forecasts.Fallback;

/// <summary>
/// How far the damped last value was off in this very window, at a few leads; between them by linear interpolation, beyond what the
/// window can tell by the square root of the lead. A window holds one day, so yesterday's forecast has no residuals of its own:
/// its band is the wider of the step-to-step noise of two days and a share of the damped one.
/// </summary>
internal ref struct ResidualBands
{
    private const int MinimumResiduals = 18;
    private const int MaximumResiduals = 128;

    /// <summary>Share of the damped band that is left when yesterday's shape is known.</summary>
    private const float SeasonalShare = 0.6f;

    private static readonly int[] s_leads = [1, 3, 6, 12, 24, 48, 96];

    private LeadValues _below;
    private LeadValues _above;
    private readonly float _noise;

    public ResidualBands(in MetricHistory history)
    {
        Span<float> residuals = stackalloc float[MaximumResiduals];
        _noise = NoiseOf(history.Values, residuals);
        var known = -1;
        for (var i = 0; i < s_leads.Length; i++)
        {
            var count = Gather(history, s_leads[i], residuals);
            if (count >= MinimumResiduals)
            {
                residuals[..count].Sort();
                _below[i] = Math.Max(0, -Quantile(residuals[..count], 0.1f));
                _above[i] = Math.Max(0, Quantile(residuals[..count], 0.9f));
                known = i;
            }
            else if (known >= 0)
            {
                var growth = MathF.Sqrt((float)s_leads[i] / s_leads[known]);
                _below[i] = _below[known] * growth;
                _above[i] = _above[known] * growth;
            }
            else
            {
                _below[i] = _above[i] = _noise * MathF.Sqrt(s_leads[i]);
            }
        }
    }

    /// <summary>Distances of p10 and p90 from p50 at a step (0 = five minutes ahead).</summary>
    public readonly (float Below, float Above) At(int step, bool seasonal)
    {
        var lead = step + 1;
        var right = 1;
        while (s_leads[right] < lead)
            right++;
        var share = (float)(lead - s_leads[right - 1]) / (s_leads[right] - s_leads[right - 1]);
        var below = float.Lerp(_below[right - 1], _below[right], share);
        var above = float.Lerp(_above[right - 1], _above[right], share);
        return seasonal
            ? (Math.Max(_noise, below * SeasonalShare), Math.Max(_noise, above * SeasonalShare))
            : (below, above);
    }

    private static int Gather(in MetricHistory history, int lead, Span<float> residuals)
    {
        var values = history.Values;
        var damping = MathF.Pow(history.Memory, lead);
        var origins = values.Length - lead - 2;
        var stride = Math.Max(1, (origins + residuals.Length - 1) / residuals.Length);
        var count = 0;
        for (var t = 2; t + lead < values.Length && count < residuals.Length; t += stride)
        {
            var last = (values[t] + values[t - 1] + values[t - 2]) / 3;
            var residual = values[t + lead] - (history.Mean + ((last - history.Mean) * damping));
            if (!float.IsNaN(residual))
                residuals[count++] = residual;
        }

        return count;
    }

    /// <summary>80 % half-width of the difference between two days' noise: that of neighbouring steps, which has the same variance.</summary>
    private static float NoiseOf(ReadOnlySpan<float> values, Span<float> differences)
    {
        var stride = Math.Max(1, TimeGrid.WindowSteps / differences.Length);
        var count = 0;
        for (var t = 1; t < values.Length && count < differences.Length; t += stride)
        {
            var difference = Math.Abs(values[t] - values[t - 1]);
            if (!float.IsNaN(difference))
                differences[count++] = difference;
        }

        if (count == 0)
            return 0;
        differences[..count].Sort();
        return Quantile(differences[..count], 0.8f);
    }

    private static float Quantile(ReadOnlySpan<float> sorted, float share)
    {
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return float.Lerp(sorted[below], sorted[above], at - below);
    }

    [InlineArray(7)]
    private struct LeadValues
    {
        private float _first;
    }
}
