using System.Diagnostics;
using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels.Products;

/// <summary>Matrix product C = A B + bias.</summary>
internal static unsafe class Gemm
{
    /// <summary>C[r, :] = sum_i A[r, i] B[i, :] + bias, or C += A B.</summary>
    /// <param name="a">[rows, k], rows <paramref name="aRow"/> floats apart.</param>
    /// <param name="aRow">Floats from row to row of A.</param>
    /// <param name="rows">Rows of A and C; none is allowed.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="b">[k, 16 blocks].</param>
    /// <param name="blocks">Blocks of 16 columns of B and C.</param>
    /// <param name="bias">[16 blocks], or null for none.</param>
    /// <param name="c">[rows, 16 blocks], rows <paramref name="cRow"/> floats apart.</param>
    /// <param name="cRow">Floats from row to row of C.</param>
    /// <param name="accumulate">Adds to C and leaves the bias out.</param>
    public static void Multiply(
        float* a, nint aRow, int rows, int k, Panels b, int blocks, float* bias, float* c, nint cRow, bool accumulate = false)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Simd512, Vector512<float>, Plain<Simd512, Vector512<float>>>(a, aRow, rows, k, b, blocks, bias, c, cRow, accumulate);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Simd256, Vector256<float>, Plain<Simd256, Vector256<float>>>(a, aRow, rows, k, b, blocks, bias, c, cRow, accumulate);
        }
        else
        {
            Run<Simd128, Vector128<float>, Plain<Simd128, Vector128<float>>>(a, aRow, rows, k, b, blocks, bias, c, cRow, accumulate);
        }
    }

    /// <summary>C = ELU(A B + bias); arguments as in <see cref="Multiply"/>.</summary>
    public static void MultiplyElu(float* a, nint aRow, int rows, int k, Panels b, int blocks, float* bias, float* c, nint cRow)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Simd512, Vector512<float>, WithElu<Simd512, Vector512<float>>>(a, aRow, rows, k, b, blocks, bias, c, cRow, false);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Simd256, Vector256<float>, WithElu<Simd256, Vector256<float>>>(a, aRow, rows, k, b, blocks, bias, c, cRow, false);
        }
        else
        {
            Run<Simd128, Vector128<float>, WithElu<Simd128, Vector128<float>>>(a, aRow, rows, k, b, blocks, bias, c, cRow, false);
        }
    }

    internal static void Run<TS, TV, TE>(
        float* a, nint aRow, int rows, int k, Panels b, int blocks, float* bias, float* c, nint cRow, bool accumulate)
        where TS : struct, ISimd<TV>
        where TV : struct
        where TE : struct, IEpilogue<TS, TV>
    {
        Debug.Assert(k > 0 && blocks > 0, "an empty product has no meaning");
        nint width = TS.Width, columns = (nint)Panels.Lanes * blocks;
        for (nint column = 0; column < columns;)
        {
            var b0 = Column(b, column);
            var bias0 = bias is null ? null : bias + column;
            if (column + (2 * width) <= columns)
            {
                var b1 = Column(b, column + width);
                var bias1 = bias is null ? null : bias + column + width;
                var r = 0;
                for (; TS.Wide && rows - r > 4; r += 8)
                {
                    GemmTiles<TS, TV, TE>.Rows8Pair(a + (r * aRow), aRow, rows - r, k, b0, b1, b.Step, bias0, bias1, c + (r * cRow) + column, cRow, width, accumulate);
                }

                for (; r < rows; r += 4)
                {
                    GemmTiles<TS, TV, TE>.Rows4Pair(a + (r * aRow), aRow, rows - r, k, b0, b1, b.Step, bias0, bias1, c + (r * cRow) + column, cRow, width, accumulate);
                }

                column += 2 * width;
            }
            else
            {
                var r = 0;
                for (; TS.Wide && rows - r > 8; r += 16)
                {
                    GemmTiles<TS, TV, TE>.Rows16Single(a + (r * aRow), aRow, rows - r, k, b0, b.Step, bias0, c + (r * cRow) + column, cRow, accumulate);
                }

                for (; r < rows; r += 4)
                {
                    GemmTiles<TS, TV, TE>.Rows4Single(a + (r * aRow), aRow, rows - r, k, b0, b.Step, bias0, c + (r * cRow) + column, cRow, accumulate);
                }

                column += width;
            }
        }
    }

    private static float* Column(Panels b, nint column) => b.Data + (column / Panels.Lanes * b.Block) + (column % Panels.Lanes);
}
