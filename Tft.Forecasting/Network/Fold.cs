using System.Numerics;
using System.Runtime.InteropServices;

namespace Tft.Forecasting.Network;

/// <summary>
/// Linear of linear is linear: a scalar's embedding w x + b, followed by W, is one vector W w times x plus W b. These are the three products that folding,
/// and the way of its gradients back, consist of.
/// </summary>
internal static class Fold
{
    /// <summary>y[r] += sum_i W[r, from + i] v[i] for W [rows, columns], where y[r] stands at y[r * yStep].</summary>
    public static void Apply(ReadOnlySpan<float> w, int columns, int from, ReadOnlySpan<float> v, Span<float> y, int yStep = 1)
    {
        for (var r = 0; r * columns < w.Length; r++)
        {
            var row = w.Slice((r * columns) + from, v.Length);
            y[r * yStep] += Dot(row, v);
        }
    }

    /// <summary>dW[r, from + i] += d[r * dStep] v[i].</summary>
    public static void AddOuter(Span<float> dw, int columns, int from, ReadOnlySpan<float> d, ReadOnlySpan<float> v, int dStep = 1)
    {
        for (var r = 0; r * columns < dw.Length; r++)
        {
            var row = dw.Slice((r * columns) + from, v.Length);
            AddScaled(row, v, d[r * dStep]);
        }
    }

    /// <summary>dv[i] += sum_r W[r, from + i] d[r * dStep].</summary>
    public static void AddTransposed(ReadOnlySpan<float> w, int columns, int from, ReadOnlySpan<float> d, Span<float> dv, int dStep = 1)
    {
        for (var r = 0; r * columns < w.Length; r++)
        {
            var row = w.Slice((r * columns) + from, dv.Length);
            AddScaled(dv, row, d[r * dStep]);
        }
    }

    private static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var sum = Vector<float>.Zero;
        ReadOnlySpan<Vector<float>> xs = MemoryMarshal.Cast<float, Vector<float>>(x), ys = MemoryMarshal.Cast<float, Vector<float>>(y);
        for (var i = 0; i < xs.Length; i++)
        {
            sum += xs[i] * ys[i];
        }

        var total = Vector.Sum(sum);
        for (var i = xs.Length * Vector<float>.Count; i < x.Length; i++)
        {
            total += x[i] * y[i];
        }

        return total;
    }

    private static void AddScaled(Span<float> x, ReadOnlySpan<float> y, float factor)
    {
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var ys = MemoryMarshal.Cast<float, Vector<float>>(y);
        for (var i = 0; i < xs.Length; i++)
        {
            xs[i] += ys[i] * factor;
        }

        for (var i = xs.Length * Vector<float>.Count; i < x.Length; i++)
        {
            x[i] += y[i] * factor;
        }
    }
}
