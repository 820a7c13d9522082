using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels;

/// <summary>ELU, paper eq. 2-4: x where x &gt; 0, else e^x - 1. Mostly its forward pass is an epilogue of <see cref="Gemm"/>.</summary>
internal static unsafe class Elu
{
    /// <summary>x = ELU(x) for <paramref name="n"/> contiguous floats, a multiple of 16.</summary>
    public static void Forward(float* x, nint n)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Forward<Simd512, Vector512<float>>(x, n);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Forward<Simd256, Vector256<float>>(x, n);
        }
        else
        {
            Forward<Simd128, Vector128<float>>(x, n);
        }
    }

    internal static void Forward<TS, TV>(float* x, nint n)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        for (nint i = 0; i < n; i += TS.Width)
        {
            TS.Store(SimdMath<TS, TV>.Elu(TS.Load(x + i)), x + i);
        }
    }

    /// <summary>dx = dy * (y &gt; 0 ? 1 : y + 1), in place, where y = ELU(x); adds the column sums of dx to <paramref name="sums"/>.</summary>
    /// <param name="y">[rows, 16 blocks] of the forward pass.</param>
    /// <param name="dy">[rows, 16 blocks], becomes dx.</param>
    /// <param name="row">Floats from row to row of both.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="blocks">Blocks of 16 columns.</param>
    /// <param name="sums">[16 blocks], added to: the gradient of the bias before the ELU.</param>
    public static void Backward(float* y, float* dy, nint row, int rows, int blocks, float* sums)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Backward<Simd512, Vector512<float>>(y, dy, row, rows, blocks, sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Backward<Simd256, Vector256<float>>(y, dy, row, rows, blocks, sums);
        }
        else
        {
            Backward<Simd128, Vector128<float>>(y, dy, row, rows, blocks, sums);
        }
    }

    internal static void Backward<TS, TV>(float* y, float* dy, nint row, int rows, int blocks, float* sums)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        for (nint i = 0; i < Panels.Lanes * blocks; i += TS.Width)
        {
            var sum = TS.Load(sums + i);
            float* yr = y + i, dr = dy + i;
            for (var r = 0; r < rows; r++, yr += row, dr += row)
            {
                var v = TS.Load(yr);
                var d = TS.Load(dr);
                d = TS.IfPositive(v, d, TS.MulAdd(d, v, d));
                sum = TS.Add(sum, d);
                TS.Store(d, dr);
            }

            TS.Store(sum, sums + i);
        }
    }
}
