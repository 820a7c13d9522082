using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels;

/// <summary>Sums over rows: the gradient of a bias.</summary>
internal static unsafe class ColumnSum
{
    /// <summary>sums[i] += sum_r x[r, i].</summary>
    /// <param name="x">[rows, 16 blocks], <paramref name="row"/> floats apart.</param>
    /// <param name="row">Floats from row to row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="blocks">Blocks of 16 columns.</param>
    /// <param name="sums">[16 blocks].</param>
    public static void Accumulate(float* x, nint row, int rows, int blocks, float* sums)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Accumulate<Simd512, Vector512<float>>(x, row, rows, blocks, sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Accumulate<Simd256, Vector256<float>>(x, row, rows, blocks, sums);
        }
        else
        {
            Accumulate<Simd128, Vector128<float>>(x, row, rows, blocks, sums);
        }
    }

    internal static void Accumulate<TS, TV>(float* x, nint row, int rows, int blocks, float* sums)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        for (nint i = 0; i < Panels.Lanes * blocks; i += TS.Width)
        {
            // two sums, so that one row need not wait for the other
            TV even = TS.Load(sums + i), odd = TS.Zero;
            var xr = x + i;
            var r = 0;
            for (; r + 2 <= rows; r += 2, xr += 2 * row)
            {
                even = TS.Add(even, TS.Load(xr));
                odd = TS.Add(odd, TS.Load(xr + row));
            }

            if (r < rows)
            {
                even = TS.Add(even, TS.Load(xr));
            }

            TS.Store(TS.Add(even, odd), sums + i);
        }
    }
}
