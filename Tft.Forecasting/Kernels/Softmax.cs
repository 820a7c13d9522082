using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels;

/// <summary>Softmax over the first n columns of each row; the padding comes out as zero.</summary>
internal static unsafe class Softmax
{
    /// <summary>x[r, :n] = exp(x - max) / sum, in place; zeros from n to padded.</summary>
    /// <param name="x">[rows, padded], <paramref name="row"/> floats apart.</param>
    /// <param name="row">Floats from row to row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="n">Columns of the first row that count.</param>
    /// <param name="grow">By how much n grows from row to row: 1 for causal attention, else 0.</param>
    /// <param name="padded">Columns that are written, a multiple of 16.</param>
    public static void Forward(float* x, nint row, int rows, int n, int grow, nint padded)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Forward<Simd512, Vector512<float>>(x, row, rows, n, grow, padded);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Forward<Simd256, Vector256<float>>(x, row, rows, n, grow, padded);
        }
        else
        {
            Forward<Simd128, Vector128<float>>(x, row, rows, n, grow, padded);
        }
    }

    internal static void Forward<TS, TV>(float* x, nint row, int rows, int n, int grow, nint padded)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        for (var r = 0; r < rows; r++, x += row, n += grow)
        {
            var lowest = TS.Splat(float.MinValue);
            var largest = lowest;
            nint i = 0;
            for (; i + TS.Width <= n; i += TS.Width)
            {
                largest = TS.Max(largest, TS.Load(x + i));
            }

            if (i < n)
            {
                largest = TS.Max(largest, TS.IfPositive(TailMask.Load<TS, TV>(n - (int)i), TS.Load(x + i), lowest));
            }

            var shift = TS.Splat(TS.Largest(largest));
            var sum = TS.Zero;
            for (i = 0; i < n; i += TS.Width)
            {
                var e = SimdMath<TS, TV>.Exp(TS.Sub(TS.Load(x + i), shift));
                if (i + TS.Width > n)
                {
                    e = TS.Mul(e, TailMask.Load<TS, TV>(n - (int)i));
                }

                sum = TS.Add(sum, e);
                TS.Store(e, x + i);
            }

            var scale = TS.Splat(1f / TS.Sum(sum));
            var end = i;
            for (i = 0; i < end; i += TS.Width)
            {
                TS.Store(TS.Mul(TS.Load(x + i), scale), x + i);
            }

            for (; i < padded; i += TS.Width)
            {
                TS.Store(TS.Zero, x + i);
            }
        }
    }

    /// <summary>dx = p (dp - sum(p dp)), times <paramref name="factor"/>.</summary>
    /// <param name="p">[rows, padded] of the forward pass.</param>
    /// <param name="dp">[rows, padded]; its padding must be finite.</param>
    /// <param name="dx">[rows, padded]; may be p or dp.</param>
    /// <param name="row">Floats from row to row of all three.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="padded">Columns, a multiple of 16.</param>
    /// <param name="factor">What dp has to be multiplied with.</param>
    public static void Backward(float* p, float* dp, float* dx, nint row, int rows, nint padded, float factor)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Backward<Simd512, Vector512<float>>(p, dp, dx, row, rows, padded, factor);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Backward<Simd256, Vector256<float>>(p, dp, dx, row, rows, padded, factor);
        }
        else
        {
            Backward<Simd128, Vector128<float>>(p, dp, dx, row, rows, padded, factor);
        }
    }

    internal static void Backward<TS, TV>(float* p, float* dp, float* dx, nint row, int rows, nint padded, float factor)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        for (var r = 0; r < rows; r++, p += row, dp += row, dx += row)
        {
            var dot = TS.Zero;
            for (nint i = 0; i < padded; i += TS.Width)
            {
                dot = TS.MulAdd(TS.Load(p + i), TS.Load(dp + i), dot);
            }

            var mean = TS.Splat(TS.Sum(dot));
            var f = TS.Splat(factor);
            for (nint i = 0; i < padded; i += TS.Width)
            {
                TS.Store(TS.Mul(TS.Mul(TS.Load(p + i), f), TS.Sub(TS.Load(dp + i), mean)), dx + i);
            }
        }
    }
}
