using System.Runtime.CompilerServices;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels.Products;

/// <summary>The inner tiles of <see cref="GatedGemm"/>: value and gate columns side by side, so that their product never leaves the registers.</summary>
internal static unsafe class GatedGemmTiles<TS, TV>
    where TS : struct, ISimd<TV>
    where TV : struct
{
    /// <summary>8 rows, one register of values and one of gates.</summary>
    internal static void Rows8(float* a, nint aRow, int rows, int k, float* bv, float* bg, nint bStep, float* biasValue, float* biasGate, in GatedRows c, nint column)
    {
        var last = rows - 1;
        var a1 = a + (Math.Min(1, last) * aRow);
        var a2 = a + (Math.Min(2, last) * aRow);
        var a3 = a + (Math.Min(3, last) * aRow);
        var a4 = a + (Math.Min(4, last) * aRow);
        var a5 = a + (Math.Min(5, last) * aRow);
        var a6 = a + (Math.Min(6, last) * aRow);
        var a7 = a + (Math.Min(7, last) * aRow);
        var v0 = TS.Load(biasValue);
        var g0 = TS.Load(biasGate);
        TV v1 = v0, g1 = g0;
        TV v2 = v0, g2 = g0;
        TV v3 = v0, g3 = g0;
        TV v4 = v0, g4 = g0;
        TV v5 = v0, g5 = g0;
        TV v6 = v0, g6 = g0;
        TV v7 = v0, g7 = g0;
        for (nint i = 0; i < k; i++)
        {
            var v = TS.Load(bv);
            var g = TS.Load(bg);
            var x0 = TS.Splat(a[i]);
            v0 = TS.MulAdd(x0, v, v0);
            g0 = TS.MulAdd(x0, g, g0);
            var x1 = TS.Splat(a1[i]);
            v1 = TS.MulAdd(x1, v, v1);
            g1 = TS.MulAdd(x1, g, g1);
            var x2 = TS.Splat(a2[i]);
            v2 = TS.MulAdd(x2, v, v2);
            g2 = TS.MulAdd(x2, g, g2);
            var x3 = TS.Splat(a3[i]);
            v3 = TS.MulAdd(x3, v, v3);
            g3 = TS.MulAdd(x3, g, g3);
            var x4 = TS.Splat(a4[i]);
            v4 = TS.MulAdd(x4, v, v4);
            g4 = TS.MulAdd(x4, g, g4);
            var x5 = TS.Splat(a5[i]);
            v5 = TS.MulAdd(x5, v, v5);
            g5 = TS.MulAdd(x5, g, g5);
            var x6 = TS.Splat(a6[i]);
            v6 = TS.MulAdd(x6, v, v6);
            g6 = TS.MulAdd(x6, g, g6);
            var x7 = TS.Splat(a7[i]);
            v7 = TS.MulAdd(x7, v, v7);
            g7 = TS.MulAdd(x7, g, g7);
            bv += bStep;
            bg += bStep;
        }

        Finish(v0, g0, c, 0, column);
        Finish(v1, g1, c, Math.Min(1, last), column);
        Finish(v2, g2, c, Math.Min(2, last), column);
        Finish(v3, g3, c, Math.Min(3, last), column);
        Finish(v4, g4, c, Math.Min(4, last), column);
        Finish(v5, g5, c, Math.Min(5, last), column);
        Finish(v6, g6, c, Math.Min(6, last), column);
        Finish(v7, g7, c, Math.Min(7, last), column);
    }

    /// <summary>4 rows, one register of values and one of gates.</summary>
    internal static void Rows4(float* a, nint aRow, int rows, int k, float* bv, float* bg, nint bStep, float* biasValue, float* biasGate, in GatedRows c, nint column)
    {
        var last = rows - 1;
        var a1 = a + (Math.Min(1, last) * aRow);
        var a2 = a + (Math.Min(2, last) * aRow);
        var a3 = a + (Math.Min(3, last) * aRow);
        var v0 = TS.Load(biasValue);
        var g0 = TS.Load(biasGate);
        TV v1 = v0, g1 = g0;
        TV v2 = v0, g2 = g0;
        TV v3 = v0, g3 = g0;
        for (nint i = 0; i < k; i++)
        {
            var v = TS.Load(bv);
            var g = TS.Load(bg);
            var x0 = TS.Splat(a[i]);
            v0 = TS.MulAdd(x0, v, v0);
            g0 = TS.MulAdd(x0, g, g0);
            var x1 = TS.Splat(a1[i]);
            v1 = TS.MulAdd(x1, v, v1);
            g1 = TS.MulAdd(x1, g, g1);
            var x2 = TS.Splat(a2[i]);
            v2 = TS.MulAdd(x2, v, v2);
            g2 = TS.MulAdd(x2, g, g2);
            var x3 = TS.Splat(a3[i]);
            v3 = TS.MulAdd(x3, v, v3);
            g3 = TS.MulAdd(x3, g, g3);
            bv += bStep;
            bg += bStep;
        }

        Finish(v0, g0, c, 0, column);
        Finish(v1, g1, c, Math.Min(1, last), column);
        Finish(v2, g2, c, Math.Min(2, last), column);
        Finish(v3, g3, c, Math.Min(3, last), column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(TV value, TV gate, in GatedRows c, nint row, nint column)
    {
        var open = SimdMath<TS, TV>.Sigmoid(gate);
        var result = TS.Mul(value, open);
        if (c.Value is not null)
        {
            TS.Store(value, c.Value + (row * c.TapeRow) + column);
            TS.Store(open, c.Gate + (row * c.TapeRow) + column);
        }

        if (c.Residual is not null)
        {
            result = TS.Add(result, TS.Load(c.Residual + (row * c.ResidualRow) + column));
        }

        TS.Store(result, c.Output + (row * c.OutputRow) + column);
    }
}
