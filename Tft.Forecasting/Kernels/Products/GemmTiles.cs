using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels.Products;

/// <summary>
/// The inner tiles of <see cref="Gemm"/>: C = A B + bias (or C += A B) for some rows and one or two registers of columns, all sums in registers.
/// </summary>
/// <remarks>
/// By far the most time of a forecast is spent here. A tile of 8 x 2 registers issues 16 multiply-adds for 10 loads, enough independent sums to hide their
/// latency. Where fewer rows are left, the last row is computed again and stored to its own place: no tail loop, same result.
/// </remarks>
internal static unsafe class GemmTiles<TS, TV, TE>
    where TS : struct, ISimd<TV>
    where TV : struct
    where TE : struct, IEpilogue<TS, TV>
{
    /// <summary>8 rows, two registers of columns: the main tile where there are 32 registers.</summary>
    internal static void Rows8Pair(
        float* a, nint aRow, int rows, int k, float* b0, float* b1, nint bStep, float* bias0, float* bias1, float* c, nint cRow, nint second, bool accumulate)
    {
        var last = rows - 1;
        var a1 = a + (Math.Min(1, last) * aRow);
        var a2 = a + (Math.Min(2, last) * aRow);
        var a3 = a + (Math.Min(3, last) * aRow);
        var a4 = a + (Math.Min(4, last) * aRow);
        var a5 = a + (Math.Min(5, last) * aRow);
        var a6 = a + (Math.Min(6, last) * aRow);
        var a7 = a + (Math.Min(7, last) * aRow);
        var c1 = c + (Math.Min(1, last) * cRow);
        var c2 = c + (Math.Min(2, last) * cRow);
        var c3 = c + (Math.Min(3, last) * cRow);
        var c4 = c + (Math.Min(4, last) * cRow);
        var c5 = c + (Math.Min(5, last) * cRow);
        var c6 = c + (Math.Min(6, last) * cRow);
        var c7 = c + (Math.Min(7, last) * cRow);
        TV s00, s01, s10, s11, s20, s21, s30, s31, s40, s41, s50, s51, s60, s61, s70, s71;
        if (accumulate)
        {
            s00 = TS.Load(c);
            s01 = TS.Load(c + second);
            s10 = TS.Load(c1);
            s11 = TS.Load(c1 + second);
            s20 = TS.Load(c2);
            s21 = TS.Load(c2 + second);
            s30 = TS.Load(c3);
            s31 = TS.Load(c3 + second);
            s40 = TS.Load(c4);
            s41 = TS.Load(c4 + second);
            s50 = TS.Load(c5);
            s51 = TS.Load(c5 + second);
            s60 = TS.Load(c6);
            s61 = TS.Load(c6 + second);
            s70 = TS.Load(c7);
            s71 = TS.Load(c7 + second);
        }
        else
        {
            var (start0, start1) = bias0 is null ? (TS.Zero, TS.Zero) : (TS.Load(bias0), TS.Load(bias1));
            s00 = start0;
            s01 = start1;
            s10 = start0;
            s11 = start1;
            s20 = start0;
            s21 = start1;
            s30 = start0;
            s31 = start1;
            s40 = start0;
            s41 = start1;
            s50 = start0;
            s51 = start1;
            s60 = start0;
            s61 = start1;
            s70 = start0;
            s71 = start1;
        }

        for (nint i = 0; i < k; i++)
        {
            var v0 = TS.Load(b0);
            var v1 = TS.Load(b1);
            var x0 = TS.Splat(a[i]);
            s00 = TS.MulAdd(x0, v0, s00);
            s01 = TS.MulAdd(x0, v1, s01);
            var x1 = TS.Splat(a1[i]);
            s10 = TS.MulAdd(x1, v0, s10);
            s11 = TS.MulAdd(x1, v1, s11);
            var x2 = TS.Splat(a2[i]);
            s20 = TS.MulAdd(x2, v0, s20);
            s21 = TS.MulAdd(x2, v1, s21);
            var x3 = TS.Splat(a3[i]);
            s30 = TS.MulAdd(x3, v0, s30);
            s31 = TS.MulAdd(x3, v1, s31);
            var x4 = TS.Splat(a4[i]);
            s40 = TS.MulAdd(x4, v0, s40);
            s41 = TS.MulAdd(x4, v1, s41);
            var x5 = TS.Splat(a5[i]);
            s50 = TS.MulAdd(x5, v0, s50);
            s51 = TS.MulAdd(x5, v1, s51);
            var x6 = TS.Splat(a6[i]);
            s60 = TS.MulAdd(x6, v0, s60);
            s61 = TS.MulAdd(x6, v1, s61);
            var x7 = TS.Splat(a7[i]);
            s70 = TS.MulAdd(x7, v0, s70);
            s71 = TS.MulAdd(x7, v1, s71);
            b0 += bStep;
            b1 += bStep;
        }

        TS.Store(TE.Apply(s00), c);
        TS.Store(TE.Apply(s01), c + second);
        TS.Store(TE.Apply(s10), c1);
        TS.Store(TE.Apply(s11), c1 + second);
        TS.Store(TE.Apply(s20), c2);
        TS.Store(TE.Apply(s21), c2 + second);
        TS.Store(TE.Apply(s30), c3);
        TS.Store(TE.Apply(s31), c3 + second);
        TS.Store(TE.Apply(s40), c4);
        TS.Store(TE.Apply(s41), c4 + second);
        TS.Store(TE.Apply(s50), c5);
        TS.Store(TE.Apply(s51), c5 + second);
        TS.Store(TE.Apply(s60), c6);
        TS.Store(TE.Apply(s61), c6 + second);
        TS.Store(TE.Apply(s70), c7);
        TS.Store(TE.Apply(s71), c7 + second);
    }

    /// <summary>4 rows, two registers of columns: the main tile where there are 16 registers, and the rest where there are 32.</summary>
    internal static void Rows4Pair(
        float* a, nint aRow, int rows, int k, float* b0, float* b1, nint bStep, float* bias0, float* bias1, float* c, nint cRow, nint second, bool accumulate)
    {
        var last = rows - 1;
        var a1 = a + (Math.Min(1, last) * aRow);
        var a2 = a + (Math.Min(2, last) * aRow);
        var a3 = a + (Math.Min(3, last) * aRow);
        var c1 = c + (Math.Min(1, last) * cRow);
        var c2 = c + (Math.Min(2, last) * cRow);
        var c3 = c + (Math.Min(3, last) * cRow);
        TV s00, s01, s10, s11, s20, s21, s30, s31;
        if (accumulate)
        {
            s00 = TS.Load(c);
            s01 = TS.Load(c + second);
            s10 = TS.Load(c1);
            s11 = TS.Load(c1 + second);
            s20 = TS.Load(c2);
            s21 = TS.Load(c2 + second);
            s30 = TS.Load(c3);
            s31 = TS.Load(c3 + second);
        }
        else
        {
            var (start0, start1) = bias0 is null ? (TS.Zero, TS.Zero) : (TS.Load(bias0), TS.Load(bias1));
            s00 = start0;
            s01 = start1;
            s10 = start0;
            s11 = start1;
            s20 = start0;
            s21 = start1;
            s30 = start0;
            s31 = start1;
        }

        for (nint i = 0; i < k; i++)
        {
            var v0 = TS.Load(b0);
            var v1 = TS.Load(b1);
            var x0 = TS.Splat(a[i]);
            s00 = TS.MulAdd(x0, v0, s00);
            s01 = TS.MulAdd(x0, v1, s01);
            var x1 = TS.Splat(a1[i]);
            s10 = TS.MulAdd(x1, v0, s10);
            s11 = TS.MulAdd(x1, v1, s11);
            var x2 = TS.Splat(a2[i]);
            s20 = TS.MulAdd(x2, v0, s20);
            s21 = TS.MulAdd(x2, v1, s21);
            var x3 = TS.Splat(a3[i]);
            s30 = TS.MulAdd(x3, v0, s30);
            s31 = TS.MulAdd(x3, v1, s31);
            b0 += bStep;
            b1 += bStep;
        }

        TS.Store(TE.Apply(s00), c);
        TS.Store(TE.Apply(s01), c + second);
        TS.Store(TE.Apply(s10), c1);
        TS.Store(TE.Apply(s11), c1 + second);
        TS.Store(TE.Apply(s20), c2);
        TS.Store(TE.Apply(s21), c2 + second);
        TS.Store(TE.Apply(s30), c3);
        TS.Store(TE.Apply(s31), c3 + second);
    }

    /// <summary>16 rows, one register of columns: for a last block of 16 columns at 512 bits, so for hidden 16.</summary>
    internal static void Rows16Single(
        float* a, nint aRow, int rows, int k, float* b0, nint bStep, float* bias0, float* c, nint cRow, bool accumulate)
    {
        var last = rows - 1;
        var a1 = a + (Math.Min(1, last) * aRow);
        var a2 = a + (Math.Min(2, last) * aRow);
        var a3 = a + (Math.Min(3, last) * aRow);
        var a4 = a + (Math.Min(4, last) * aRow);
        var a5 = a + (Math.Min(5, last) * aRow);
        var a6 = a + (Math.Min(6, last) * aRow);
        var a7 = a + (Math.Min(7, last) * aRow);
        var a8 = a + (Math.Min(8, last) * aRow);
        var a9 = a + (Math.Min(9, last) * aRow);
        var a10 = a + (Math.Min(10, last) * aRow);
        var a11 = a + (Math.Min(11, last) * aRow);
        var a12 = a + (Math.Min(12, last) * aRow);
        var a13 = a + (Math.Min(13, last) * aRow);
        var a14 = a + (Math.Min(14, last) * aRow);
        var a15 = a + (Math.Min(15, last) * aRow);
        var c1 = c + (Math.Min(1, last) * cRow);
        var c2 = c + (Math.Min(2, last) * cRow);
        var c3 = c + (Math.Min(3, last) * cRow);
        var c4 = c + (Math.Min(4, last) * cRow);
        var c5 = c + (Math.Min(5, last) * cRow);
        var c6 = c + (Math.Min(6, last) * cRow);
        var c7 = c + (Math.Min(7, last) * cRow);
        var c8 = c + (Math.Min(8, last) * cRow);
        var c9 = c + (Math.Min(9, last) * cRow);
        var c10 = c + (Math.Min(10, last) * cRow);
        var c11 = c + (Math.Min(11, last) * cRow);
        var c12 = c + (Math.Min(12, last) * cRow);
        var c13 = c + (Math.Min(13, last) * cRow);
        var c14 = c + (Math.Min(14, last) * cRow);
        var c15 = c + (Math.Min(15, last) * cRow);
        TV s00, s10, s20, s30, s40, s50, s60, s70, s80, s90, s100, s110, s120, s130, s140, s150;
        if (accumulate)
        {
            s00 = TS.Load(c);
            s10 = TS.Load(c1);
            s20 = TS.Load(c2);
            s30 = TS.Load(c3);
            s40 = TS.Load(c4);
            s50 = TS.Load(c5);
            s60 = TS.Load(c6);
            s70 = TS.Load(c7);
            s80 = TS.Load(c8);
            s90 = TS.Load(c9);
            s100 = TS.Load(c10);
            s110 = TS.Load(c11);
            s120 = TS.Load(c12);
            s130 = TS.Load(c13);
            s140 = TS.Load(c14);
            s150 = TS.Load(c15);
        }
        else
        {
            var start0 = bias0 is null ? TS.Zero : TS.Load(bias0);
            s00 = start0;
            s10 = start0;
            s20 = start0;
            s30 = start0;
            s40 = start0;
            s50 = start0;
            s60 = start0;
            s70 = start0;
            s80 = start0;
            s90 = start0;
            s100 = start0;
            s110 = start0;
            s120 = start0;
            s130 = start0;
            s140 = start0;
            s150 = start0;
        }

        for (nint i = 0; i < k; i++)
        {
            var v0 = TS.Load(b0);
            s00 = TS.MulAdd(TS.Splat(a[i]), v0, s00);
            s10 = TS.MulAdd(TS.Splat(a1[i]), v0, s10);
            s20 = TS.MulAdd(TS.Splat(a2[i]), v0, s20);
            s30 = TS.MulAdd(TS.Splat(a3[i]), v0, s30);
            s40 = TS.MulAdd(TS.Splat(a4[i]), v0, s40);
            s50 = TS.MulAdd(TS.Splat(a5[i]), v0, s50);
            s60 = TS.MulAdd(TS.Splat(a6[i]), v0, s60);
            s70 = TS.MulAdd(TS.Splat(a7[i]), v0, s70);
            s80 = TS.MulAdd(TS.Splat(a8[i]), v0, s80);
            s90 = TS.MulAdd(TS.Splat(a9[i]), v0, s90);
            s100 = TS.MulAdd(TS.Splat(a10[i]), v0, s100);
            s110 = TS.MulAdd(TS.Splat(a11[i]), v0, s110);
            s120 = TS.MulAdd(TS.Splat(a12[i]), v0, s120);
            s130 = TS.MulAdd(TS.Splat(a13[i]), v0, s130);
            s140 = TS.MulAdd(TS.Splat(a14[i]), v0, s140);
            s150 = TS.MulAdd(TS.Splat(a15[i]), v0, s150);
            b0 += bStep;
        }

        TS.Store(TE.Apply(s00), c);
        TS.Store(TE.Apply(s10), c1);
        TS.Store(TE.Apply(s20), c2);
        TS.Store(TE.Apply(s30), c3);
        TS.Store(TE.Apply(s40), c4);
        TS.Store(TE.Apply(s50), c5);
        TS.Store(TE.Apply(s60), c6);
        TS.Store(TE.Apply(s70), c7);
        TS.Store(TE.Apply(s80), c8);
        TS.Store(TE.Apply(s90), c9);
        TS.Store(TE.Apply(s100), c10);
        TS.Store(TE.Apply(s110), c11);
        TS.Store(TE.Apply(s120), c12);
        TS.Store(TE.Apply(s130), c13);
        TS.Store(TE.Apply(s140), c14);
        TS.Store(TE.Apply(s150), c15);
    }

    /// <summary>4 rows, one register of columns.</summary>
    internal static void Rows4Single(
        float* a, nint aRow, int rows, int k, float* b0, nint bStep, float* bias0, float* c, nint cRow, bool accumulate)
    {
        var last = rows - 1;
        var a1 = a + (Math.Min(1, last) * aRow);
        var a2 = a + (Math.Min(2, last) * aRow);
        var a3 = a + (Math.Min(3, last) * aRow);
        var c1 = c + (Math.Min(1, last) * cRow);
        var c2 = c + (Math.Min(2, last) * cRow);
        var c3 = c + (Math.Min(3, last) * cRow);
        TV s00, s10, s20, s30;
        if (accumulate)
        {
            s00 = TS.Load(c);
            s10 = TS.Load(c1);
            s20 = TS.Load(c2);
            s30 = TS.Load(c3);
        }
        else
        {
            var start0 = bias0 is null ? TS.Zero : TS.Load(bias0);
            s00 = start0;
            s10 = start0;
            s20 = start0;
            s30 = start0;
        }

        for (nint i = 0; i < k; i++)
        {
            var v0 = TS.Load(b0);
            s00 = TS.MulAdd(TS.Splat(a[i]), v0, s00);
            s10 = TS.MulAdd(TS.Splat(a1[i]), v0, s10);
            s20 = TS.MulAdd(TS.Splat(a2[i]), v0, s20);
            s30 = TS.MulAdd(TS.Splat(a3[i]), v0, s30);
            b0 += bStep;
        }

        TS.Store(TE.Apply(s00), c);
        TS.Store(TE.Apply(s10), c1);
        TS.Store(TE.Apply(s20), c2);
        TS.Store(TE.Apply(s30), c3);
    }
}
