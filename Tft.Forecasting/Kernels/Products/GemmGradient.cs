using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels.Products;

/// <summary>The gradient of a product's weights: G += dY^T X.</summary>
internal static unsafe class GemmGradient
{
    // rows of dY and X that stay in the first-level cache while all tiles of G pass over them
    private const int RowsAtOnce = 96;

    /// <summary>G[m, i] += sum_r dY[r, m] X[r, i].</summary>
    /// <param name="dy">[rows, 16 outBlocks], rows <paramref name="dyRow"/> floats apart.</param>
    /// <param name="dyRow">Floats from row to row of dY.</param>
    /// <param name="outBlocks">Blocks of 16 columns of dY: rows of G.</param>
    /// <param name="x">[rows, 16 inBlocks], rows <paramref name="xRow"/> floats apart.</param>
    /// <param name="xRow">Floats from row to row of X.</param>
    /// <param name="inBlocks">Blocks of 16 columns of X and G.</param>
    /// <param name="rows">Rows to sum over.</param>
    /// <param name="g">[16 outBlocks, 16 inBlocks], rows <paramref name="gRow"/> floats apart.</param>
    /// <param name="gRow">Floats from row to row of G.</param>
    public static void Accumulate(float* dy, nint dyRow, int outBlocks, float* x, nint xRow, int inBlocks, int rows, float* g, nint gRow)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Simd512, Vector512<float>>(dy, dyRow, outBlocks, x, xRow, inBlocks, rows, g, gRow);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Simd256, Vector256<float>>(dy, dyRow, outBlocks, x, xRow, inBlocks, rows, g, gRow);
        }
        else
        {
            Run<Simd128, Vector128<float>>(dy, dyRow, outBlocks, x, xRow, inBlocks, rows, g, gRow);
        }
    }

    internal static void Run<TS, TV>(float* dy, nint dyRow, int outBlocks, float* x, nint xRow, int inBlocks, int rows, float* g, nint gRow)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        for (var r = 0; r < rows; r += RowsAtOnce)
        {
            for (var block = 0; block < outBlocks; block++)
            {
                GemmGradientTiles<TS, TV>.Sixteen(
                    dy + (r * dyRow) + (block * Panels.Lanes), dyRow, x + (r * xRow), xRow, inBlocks, Math.Min(RowsAtOnce, rows - r), g + ((nint)block * Panels.Lanes * gRow), gRow);
            }
        }
    }
}
