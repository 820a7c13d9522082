using System.Numerics;
using System.Runtime.InteropServices;
using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe.Base;

/// <summary>
/// A linear map, pooled over metrics and servers, from the 288 last values of a metric to its next 96, in standard deviations about the
/// window's mean.
/// </summary>
/// <param name="Weights">[288, 96], oldest step first.</param>
public sealed record LagRidge(float[] Weights)
{
    private const float Clip = 8;

    /// <summary>Forecasts a window of 288 values without gaps; scratch and result hold 288 and 96 values.</summary>
    public void Forecast(ReadOnlySpan<float> window, float deviation, Span<float> scratch, Span<float> result)
    {
        double sum = 0;
        foreach (var v in window)
            sum += v;
        var mean = (float)(sum / window.Length);
        for (var i = 0; i < window.Length; i++)
            scratch[i] = Math.Clamp((window[i] - mean) / deviation, -Clip, Clip);
        Multiply(scratch, result);
        foreach (ref var r in result)
            r = (r * deviation) + mean;
    }

    // six accumulators hide the latency of the multiply-add; 96 is a multiple of six vectors of every width
    private void Multiply(ReadOnlySpan<float> z, Span<float> result)
    {
        var w = MemoryMarshal.Cast<float, Vector<float>>(Weights.AsSpan());
        var r = MemoryMarshal.Cast<float, Vector<float>>(result);
        var row = Protocol.Horizon / Vector<float>.Count;
        for (var block = 0; block < row; block += 6)
        {
            Vector<float> a = default, b = default, c = default, d = default, e = default, f = default;
            var at = block;
            foreach (var scalar in z)
            {
                var v = new Vector<float>(scalar);
                a = Vector.FusedMultiplyAdd(v, w[at], a);
                b = Vector.FusedMultiplyAdd(v, w[at + 1], b);
                c = Vector.FusedMultiplyAdd(v, w[at + 2], c);
                d = Vector.FusedMultiplyAdd(v, w[at + 3], d);
                e = Vector.FusedMultiplyAdd(v, w[at + 4], e);
                f = Vector.FusedMultiplyAdd(v, w[at + 5], f);
                at += row;
            }

            (r[block], r[block + 1], r[block + 2], r[block + 3], r[block + 4], r[block + 5]) = (a, b, c, d, e, f);
        }
    }
}
