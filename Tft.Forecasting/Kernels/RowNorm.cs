using System.Runtime.CompilerServices;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels;

/// <summary>The part of layer normalisation that <see cref="LayerNorm"/> and <see cref="NormSelect"/> share.</summary>
internal static unsafe class RowNorm<TS, TV>
    where TS : struct, ISimd<TV>
    where TV : struct
{
    /// <summary>y = (x - mean) * scale over the first n columns, 0 in the padding; returns scale = 1 / sqrt(variance + epsilon). <paramref name="share"/> is 1 / n: divisions are what a row would wait for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Normalise(float* x, float* y, nint padded, int n, float share)
    {
        if (padded == TS.Width)
        {
            return NormaliseOne(x, y, n, share);
        }

        var sum = TS.Zero;
        for (nint i = 0; i < padded; i += TS.Width)
        {
            sum = TS.Add(sum, TS.Load(x + i));
        }

        var mean = TS.Splat(TS.Sum(sum) * share);
        var square = TS.Zero;
        for (nint i = 0; i < padded; i += TS.Width)
        {
            var d = TS.Sub(TS.Load(x + i), mean);
            if (i + TS.Width > n)
            {
                d = TS.Mul(d, TailMask.Load<TS, TV>(n - (int)i));
            }

            square = TS.MulAdd(d, d, square);
            TS.Store(d, y + i);
        }

        var scale = 1f / MathF.Sqrt((TS.Sum(square) * share) + LayerNorm.Epsilon);
        var s = TS.Splat(scale);
        for (nint i = 0; i < padded; i += TS.Width)
        {
            TS.Store(TS.Mul(TS.Load(y + i), s), y + i);
        }

        return scale;
    }

    /// <summary>A row of one register, which need not go through memory between the steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float NormaliseOne(float* x, float* y, int n, float share)
    {
        var v = TS.Load(x);
        var d = TS.Sub(v, TS.Splat(TS.Sum(v) * share));
        if (n < TS.Width)
        {
            d = TS.Mul(d, TailMask.Load<TS, TV>(n));
        }

        var scale = 1f / MathF.Sqrt((TS.Sum(TS.Mul(d, d)) * share) + LayerNorm.Epsilon);
        TS.Store(TS.Mul(d, TS.Splat(scale)), y);
        return scale;
    }
}
