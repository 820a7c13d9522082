using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels.Products;

/// <summary>The inner tiles of <see cref="GemmGradient"/>: G += dY^T X over some rows, for 4 to 16 columns of dY and one or two registers of columns of X.</summary>
internal static unsafe class GemmGradientTiles<TS, TV>
    where TS : struct, ISimd<TV>
    where TV : struct
{
    /// <summary>G[0..16, 0..16 blocks) += dY^T X, where dY has 16 columns.</summary>
    /// <param name="dy">Gradient of the output, [rows, 16 of dyRow].</param>
    /// <param name="dyRow">Floats from row to row of dY.</param>
    /// <param name="x">Input, [rows, 16 blocks of xRow].</param>
    /// <param name="xRow">Floats from row to row of X.</param>
    /// <param name="blocks">Blocks of 16 columns of X.</param>
    /// <param name="rows">Rows to sum over.</param>
    /// <param name="g">Gradient of the weights, [16, 16 blocks of gRow].</param>
    /// <param name="gRow">Floats from row to row of G.</param>
    public static void Sixteen(float* dy, nint dyRow, float* x, nint xRow, int blocks, int rows, float* g, nint gRow)
    {
        nint column = 0, end = 16 * blocks, width = TS.Width;
        for (; column + (2 * width) <= end; column += 2 * width)
        {
            if (TS.Wide)
            {
                Columns8Pair(dy, dyRow, x + column, x + column + width, xRow, rows, g + column, gRow, width);
                Columns8Pair(dy + 8, dyRow, x + column, x + column + width, xRow, rows, g + column + (8 * gRow), gRow, width);
            }
            else
            {
                for (var m = 0; m < 16; m += 4)
                {
                    Columns4Pair(dy + m, dyRow, x + column, x + column + width, xRow, rows, g + column + (m * gRow), gRow, width);
                }
            }
        }

        if (column < end)
        {
            Columns16Single(dy, dyRow, x + column, xRow, rows, g + column, gRow);
        }
    }

    /// <summary>8 columns of dY, two registers of X.</summary>
    private static void Columns8Pair(float* dy, nint dyRow, float* x0, float* x1, nint xRow, int rows, float* g, nint gRow, nint second)
    {
        var s00 = TS.Load(g);
        var s01 = TS.Load(g + second);
        var s10 = TS.Load(g + gRow);
        var s11 = TS.Load(g + gRow + second);
        var s20 = TS.Load(g + (2 * gRow));
        var s21 = TS.Load(g + (2 * gRow) + second);
        var s30 = TS.Load(g + (3 * gRow));
        var s31 = TS.Load(g + (3 * gRow) + second);
        var s40 = TS.Load(g + (4 * gRow));
        var s41 = TS.Load(g + (4 * gRow) + second);
        var s50 = TS.Load(g + (5 * gRow));
        var s51 = TS.Load(g + (5 * gRow) + second);
        var s60 = TS.Load(g + (6 * gRow));
        var s61 = TS.Load(g + (6 * gRow) + second);
        var s70 = TS.Load(g + (7 * gRow));
        var s71 = TS.Load(g + (7 * gRow) + second);
        for (var n = 0; n < rows; n++)
        {
            var v0 = TS.Load(x0);
            var v1 = TS.Load(x1);
            var d0 = TS.Splat(dy[0]);
            s00 = TS.MulAdd(d0, v0, s00);
            s01 = TS.MulAdd(d0, v1, s01);
            var d1 = TS.Splat(dy[1]);
            s10 = TS.MulAdd(d1, v0, s10);
            s11 = TS.MulAdd(d1, v1, s11);
            var d2 = TS.Splat(dy[2]);
            s20 = TS.MulAdd(d2, v0, s20);
            s21 = TS.MulAdd(d2, v1, s21);
            var d3 = TS.Splat(dy[3]);
            s30 = TS.MulAdd(d3, v0, s30);
            s31 = TS.MulAdd(d3, v1, s31);
            var d4 = TS.Splat(dy[4]);
            s40 = TS.MulAdd(d4, v0, s40);
            s41 = TS.MulAdd(d4, v1, s41);
            var d5 = TS.Splat(dy[5]);
            s50 = TS.MulAdd(d5, v0, s50);
            s51 = TS.MulAdd(d5, v1, s51);
            var d6 = TS.Splat(dy[6]);
            s60 = TS.MulAdd(d6, v0, s60);
            s61 = TS.MulAdd(d6, v1, s61);
            var d7 = TS.Splat(dy[7]);
            s70 = TS.MulAdd(d7, v0, s70);
            s71 = TS.MulAdd(d7, v1, s71);
            dy += dyRow;
            x0 += xRow;
            x1 += xRow;
        }

        TS.Store(s00, g);
        TS.Store(s01, g + second);
        TS.Store(s10, g + gRow);
        TS.Store(s11, g + gRow + second);
        TS.Store(s20, g + (2 * gRow));
        TS.Store(s21, g + (2 * gRow) + second);
        TS.Store(s30, g + (3 * gRow));
        TS.Store(s31, g + (3 * gRow) + second);
        TS.Store(s40, g + (4 * gRow));
        TS.Store(s41, g + (4 * gRow) + second);
        TS.Store(s50, g + (5 * gRow));
        TS.Store(s51, g + (5 * gRow) + second);
        TS.Store(s60, g + (6 * gRow));
        TS.Store(s61, g + (6 * gRow) + second);
        TS.Store(s70, g + (7 * gRow));
        TS.Store(s71, g + (7 * gRow) + second);
    }

    /// <summary>4 columns of dY, two registers of X.</summary>
    private static void Columns4Pair(float* dy, nint dyRow, float* x0, float* x1, nint xRow, int rows, float* g, nint gRow, nint second)
    {
        var s00 = TS.Load(g);
        var s01 = TS.Load(g + second);
        var s10 = TS.Load(g + gRow);
        var s11 = TS.Load(g + gRow + second);
        var s20 = TS.Load(g + (2 * gRow));
        var s21 = TS.Load(g + (2 * gRow) + second);
        var s30 = TS.Load(g + (3 * gRow));
        var s31 = TS.Load(g + (3 * gRow) + second);
        for (var n = 0; n < rows; n++)
        {
            var v0 = TS.Load(x0);
            var v1 = TS.Load(x1);
            var d0 = TS.Splat(dy[0]);
            s00 = TS.MulAdd(d0, v0, s00);
            s01 = TS.MulAdd(d0, v1, s01);
            var d1 = TS.Splat(dy[1]);
            s10 = TS.MulAdd(d1, v0, s10);
            s11 = TS.MulAdd(d1, v1, s11);
            var d2 = TS.Splat(dy[2]);
            s20 = TS.MulAdd(d2, v0, s20);
            s21 = TS.MulAdd(d2, v1, s21);
            var d3 = TS.Splat(dy[3]);
            s30 = TS.MulAdd(d3, v0, s30);
            s31 = TS.MulAdd(d3, v1, s31);
            dy += dyRow;
            x0 += xRow;
            x1 += xRow;
        }

        TS.Store(s00, g);
        TS.Store(s01, g + second);
        TS.Store(s10, g + gRow);
        TS.Store(s11, g + gRow + second);
        TS.Store(s20, g + (2 * gRow));
        TS.Store(s21, g + (2 * gRow) + second);
        TS.Store(s30, g + (3 * gRow));
        TS.Store(s31, g + (3 * gRow) + second);
    }

    /// <summary>16 columns of dY, one register of X: a last block at 512 bits.</summary>
    private static void Columns16Single(float* dy, nint dyRow, float* x0, nint xRow, int rows, float* g, nint gRow)
    {
        var s00 = TS.Load(g);
        var s10 = TS.Load(g + gRow);
        var s20 = TS.Load(g + (2 * gRow));
        var s30 = TS.Load(g + (3 * gRow));
        var s40 = TS.Load(g + (4 * gRow));
        var s50 = TS.Load(g + (5 * gRow));
        var s60 = TS.Load(g + (6 * gRow));
        var s70 = TS.Load(g + (7 * gRow));
        var s80 = TS.Load(g + (8 * gRow));
        var s90 = TS.Load(g + (9 * gRow));
        var s100 = TS.Load(g + (10 * gRow));
        var s110 = TS.Load(g + (11 * gRow));
        var s120 = TS.Load(g + (12 * gRow));
        var s130 = TS.Load(g + (13 * gRow));
        var s140 = TS.Load(g + (14 * gRow));
        var s150 = TS.Load(g + (15 * gRow));
        for (var n = 0; n < rows; n++)
        {
            var v0 = TS.Load(x0);
            s00 = TS.MulAdd(TS.Splat(dy[0]), v0, s00);
            s10 = TS.MulAdd(TS.Splat(dy[1]), v0, s10);
            s20 = TS.MulAdd(TS.Splat(dy[2]), v0, s20);
            s30 = TS.MulAdd(TS.Splat(dy[3]), v0, s30);
            s40 = TS.MulAdd(TS.Splat(dy[4]), v0, s40);
            s50 = TS.MulAdd(TS.Splat(dy[5]), v0, s50);
            s60 = TS.MulAdd(TS.Splat(dy[6]), v0, s60);
            s70 = TS.MulAdd(TS.Splat(dy[7]), v0, s70);
            s80 = TS.MulAdd(TS.Splat(dy[8]), v0, s80);
            s90 = TS.MulAdd(TS.Splat(dy[9]), v0, s90);
            s100 = TS.MulAdd(TS.Splat(dy[10]), v0, s100);
            s110 = TS.MulAdd(TS.Splat(dy[11]), v0, s110);
            s120 = TS.MulAdd(TS.Splat(dy[12]), v0, s120);
            s130 = TS.MulAdd(TS.Splat(dy[13]), v0, s130);
            s140 = TS.MulAdd(TS.Splat(dy[14]), v0, s140);
            s150 = TS.MulAdd(TS.Splat(dy[15]), v0, s150);
            dy += dyRow;
            x0 += xRow;
        }

        TS.Store(s00, g);
        TS.Store(s10, g + gRow);
        TS.Store(s20, g + (2 * gRow));
        TS.Store(s30, g + (3 * gRow));
        TS.Store(s40, g + (4 * gRow));
        TS.Store(s50, g + (5 * gRow));
        TS.Store(s60, g + (6 * gRow));
        TS.Store(s70, g + (7 * gRow));
        TS.Store(s80, g + (8 * gRow));
        TS.Store(s90, g + (9 * gRow));
        TS.Store(s100, g + (10 * gRow));
        TS.Store(s110, g + (11 * gRow));
        TS.Store(s120, g + (12 * gRow));
        TS.Store(s130, g + (13 * gRow));
        TS.Store(s140, g + (14 * gRow));
        TS.Store(s150, g + (15 * gRow));
    }
}
