using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels;

/// <summary>A curve R -> R^H by table: values at equal steps, between them the cubic through the four nearest.</summary>
internal static unsafe class Curve
{
    /// <summary>selected[r] = (or +=) weight[r] * curve(x[r]) for every x that lies inside the table.</summary>
    /// <param name="table">[knots, 16 blocks]: the curve at (i - knots / 2) / density.</param>
    /// <param name="knots">Rows of the table, an odd number.</param>
    /// <param name="density">Knots for each unit of x; a power of two, so that no place is rounded.</param>
    /// <param name="x">Scalar of row r at x[r * xRow].</param>
    /// <param name="xRow">Floats from scalar to scalar.</param>
    /// <param name="weight">Weight of row r at weight[r * weightRow].</param>
    /// <param name="weightRow">Floats from weight to weight.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="blocks">Blocks of 16 columns.</param>
    /// <param name="selected">[rows, 16 blocks], contiguous.</param>
    /// <param name="first">Whether selected is written rather than added to.</param>
    /// <param name="outside">[rows] receives the rows whose x lies outside, or is no number; they count as zero.</param>
    /// <returns>How many lie outside.</returns>
    public static int Mix(
        float* table, int knots, float density, float* x, nint xRow, float* weight, nint weightRow, int rows, int blocks, float* selected, bool first, int* outside)
    {
        return Vector512.IsHardwareAccelerated
            ? Mix<Simd512, Vector512<float>>(table, knots, density, x, xRow, weight, weightRow, rows, blocks, selected, first, outside)
            : Vector256.IsHardwareAccelerated
            ? Mix<Simd256, Vector256<float>>(table, knots, density, x, xRow, weight, weightRow, rows, blocks, selected, first, outside)
            : Mix<Simd128, Vector128<float>>(table, knots, density, x, xRow, weight, weightRow, rows, blocks, selected, first, outside);
    }

    /// <summary>selected[r] = (or +=) weight[r] * table[index[r]]: the same for a categorical, whose curve is one row per value.</summary>
    public static void MixRows(float* table, int* index, nint indexRow, float* weight, nint weightRow, int rows, int blocks, float* selected, bool first)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            MixRows<Simd512, Vector512<float>>(table, index, indexRow, weight, weightRow, rows, blocks, selected, first);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            MixRows<Simd256, Vector256<float>>(table, index, indexRow, weight, weightRow, rows, blocks, selected, first);
        }
        else
        {
            MixRows<Simd128, Vector128<float>>(table, index, indexRow, weight, weightRow, rows, blocks, selected, first);
        }
    }

    internal static int Mix<TS, TV>(
        float* table, int knots, float density, float* x, nint xRow, float* weight, nint weightRow, int rows, int blocks, float* selected, bool first, int* outside)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        nint width = (nint)Panels.Lanes * blocks;
        var middle = table + (knots / 2 * width);
        float reach = (knots / 2) - 2;
        var count = 0;
        for (var r = 0; r < rows; r++, x += xRow, weight += weightRow, selected += width)
        {
            var (place, w) = (*x * density, *weight);
            if (!(MathF.Abs(place) < reach))
            {
                outside[count++] = r;
                (place, w) = (0f, 0f);
            }

            var floor = MathF.Floor(place);
            var t = place - floor;

            // Lagrange's cubic through the knots -1, 0, 1, 2
            float above = t + 1f, below = t - 1f, far = t - 2f;
            var w0 = TS.Splat(w * (-t * below * far * (1f / 6f)));
            var w1 = TS.Splat(w * (above * below * far * 0.5f));
            var w2 = TS.Splat(w * (-above * t * far * 0.5f));
            var w3 = TS.Splat(w * (above * t * below * (1f / 6f)));
            var from = middle + (((nint)floor - 1) * width);
            for (nint i = 0; i < width; i += TS.Width)
            {
                var outer = TS.MulAdd(w0, TS.Load(from + i), TS.Mul(w3, TS.Load(from + (3 * width) + i)));
                var inner = TS.MulAdd(w1, TS.Load(from + width + i), TS.Mul(w2, TS.Load(from + (2 * width) + i)));
                var y = TS.Add(outer, inner);
                TS.Store(first ? y : TS.Add(TS.Load(selected + i), y), selected + i);
            }
        }

        return count;
    }

    internal static void MixRows<TS, TV>(float* table, int* index, nint indexRow, float* weight, nint weightRow, int rows, int blocks, float* selected, bool first)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        nint width = (nint)Panels.Lanes * blocks;
        for (var r = 0; r < rows; r++, index += indexRow, weight += weightRow, selected += width)
        {
            var w = TS.Splat(*weight);
            var from = table + (*index * width);
            for (nint i = 0; i < width; i += TS.Width)
            {
                TS.Store(first ? TS.Mul(w, TS.Load(from + i)) : TS.MulAdd(w, TS.Load(from + i), TS.Load(selected + i)), selected + i);
            }
        }
    }
}
