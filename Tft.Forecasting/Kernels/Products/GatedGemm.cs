using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels.Products;

/// <summary>Gated linear unit, paper eq. 5, in one pass: (A V + bv) * sigmoid(A G + bg) + residual.</summary>
/// <remarks>The output must not overlap the residual: a tile may compute its last row twice.</remarks>
internal static unsafe class GatedGemm
{
    /// <summary>Output[r, :] = value * sigmoid(gate) + residual, where [value | gate] = A B + bias.</summary>
    /// <param name="a">[rows, k], rows <paramref name="aRow"/> floats apart.</param>
    /// <param name="aRow">Floats from row to row of A.</param>
    /// <param name="rows">Rows of A.</param>
    /// <param name="k">Columns of A.</param>
    /// <param name="b">[k, 32 blocks]: first the blocks of the value, then those of the gate.</param>
    /// <param name="blocks">Blocks of 16 columns of the output.</param>
    /// <param name="bias">[32 blocks].</param>
    /// <param name="c">Output, residual and what to keep.</param>
    public static void Multiply(float* a, nint aRow, int rows, int k, Panels b, int blocks, float* bias, in GatedRows c)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Simd512, Vector512<float>>(a, aRow, rows, k, b, blocks, bias, c);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Simd256, Vector256<float>>(a, aRow, rows, k, b, blocks, bias, c);
        }
        else
        {
            Run<Simd128, Vector128<float>>(a, aRow, rows, k, b, blocks, bias, c);
        }
    }

    internal static void Run<TS, TV>(float* a, nint aRow, int rows, int k, Panels b, int blocks, float* bias, in GatedRows c)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        for (var block = 0; block < blocks; block++)
        {
            for (nint lane = 0; lane < Panels.Lanes; lane += TS.Width)
            {
                var value = b.Data + (block * b.Block) + lane;
                var gate = b.Data + ((blocks + block) * b.Block) + lane;
                var column = ((nint)block * Panels.Lanes) + lane;
                var biasValue = bias + column;
                var biasGate = biasValue + ((nint)blocks * Panels.Lanes);
                var r = 0;
                for (; TS.Wide && rows - r > 4; r += 8)
                {
                    GatedGemmTiles<TS, TV>.Rows8(a + (r * aRow), aRow, rows - r, k, value, gate, b.Step, biasValue, biasGate, From(c, r), column);
                }

                for (; r < rows; r += 4)
                {
                    GatedGemmTiles<TS, TV>.Rows4(a + (r * aRow), aRow, rows - r, k, value, gate, b.Step, biasValue, biasGate, From(c, r), column);
                }
            }
        }
    }

    private static GatedRows From(in GatedRows c, int row) => new()
    {
        Output = c.Output + (row * c.OutputRow),
        OutputRow = c.OutputRow,
        Residual = c.Residual is null ? null : c.Residual + (row * c.ResidualRow),
        ResidualRow = c.ResidualRow,
        Value = c.Value is null ? null : c.Value + (row * c.TapeRow),
        Gate = c.Gate is null ? null : c.Gate + (row * c.TapeRow),
        TapeRow = c.TapeRow,
    };
}
