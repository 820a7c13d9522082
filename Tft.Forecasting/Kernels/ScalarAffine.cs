using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels;

/// <summary>
/// The first layer of a scalar variable's gated residual network, its embedding folded in: linear of linear is linear. With x the scalar,
/// fc1(w x + b) = x u + c, where u = W1 w and c = W1 b + b1; the residual w x + b goes around.
/// </summary>
internal static unsafe class ScalarAffine
{
    /// <summary>active[r] = ELU(x[r] u + c) and skip[r] = x[r] w + b.</summary>
    /// <param name="x">The scalar of row r at x[r * xRow].</param>
    /// <param name="xRow">Floats from scalar to scalar.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="blocks">Blocks of 16 columns.</param>
    /// <param name="u">[16 blocks].</param>
    /// <param name="c">[16 blocks].</param>
    /// <param name="w">[16 blocks].</param>
    /// <param name="b">[16 blocks].</param>
    /// <param name="active">[rows, 16 blocks], contiguous.</param>
    /// <param name="skip">[rows, 16 blocks], contiguous.</param>
    public static void Forward(float* x, nint xRow, int rows, int blocks, float* u, float* c, float* w, float* b, float* active, float* skip)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Forward<Simd512, Vector512<float>>(x, xRow, rows, blocks, u, c, w, b, active, skip);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Forward<Simd256, Vector256<float>>(x, xRow, rows, blocks, u, c, w, b, active, skip);
        }
        else
        {
            Forward<Simd128, Vector128<float>>(x, xRow, rows, blocks, u, c, w, b, active, skip);
        }
    }

    internal static void Forward<TS, TV>(float* x, nint xRow, int rows, int blocks, float* u, float* c, float* w, float* b, float* active, float* skip)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        nint width = Panels.Lanes * blocks;
        for (nint i = 0; i < width; i += TS.Width)
        {
            TV ui = TS.Load(u + i), ci = TS.Load(c + i), wi = TS.Load(w + i), bi = TS.Load(b + i);
            float* xr = x, ar = active + i, sr = skip + i;
            for (var r = 0; r < rows; r++, xr += xRow, ar += width, sr += width)
            {
                var v = TS.Splat(*xr);
                TS.Store(SimdMath<TS, TV>.Elu(TS.MulAdd(v, ui, ci)), ar);
                TS.Store(TS.MulAdd(v, wi, bi), sr);
            }
        }
    }

    /// <summary>Adds to the gradients of u, c, w and b.</summary>
    /// <param name="x">As in the forward pass.</param>
    /// <param name="xRow">Floats from scalar to scalar.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="blocks">Blocks of 16 columns.</param>
    /// <param name="active">[rows, 16 blocks] of the forward pass.</param>
    /// <param name="dactive">[rows, 16 blocks].</param>
    /// <param name="dskip">[rows, 16 blocks].</param>
    /// <param name="du">[16 blocks].</param>
    /// <param name="dc">[16 blocks].</param>
    /// <param name="dw">[16 blocks].</param>
    /// <param name="db">[16 blocks].</param>
    public static void Backward(float* x, nint xRow, int rows, int blocks, float* active, float* dactive, float* dskip, float* du, float* dc, float* dw, float* db)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Backward<Simd512, Vector512<float>>(x, xRow, rows, blocks, active, dactive, dskip, du, dc, dw, db);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Backward<Simd256, Vector256<float>>(x, xRow, rows, blocks, active, dactive, dskip, du, dc, dw, db);
        }
        else
        {
            Backward<Simd128, Vector128<float>>(x, xRow, rows, blocks, active, dactive, dskip, du, dc, dw, db);
        }
    }

    internal static void Backward<TS, TV>(float* x, nint xRow, int rows, int blocks, float* active, float* dactive, float* dskip, float* du, float* dc, float* dw, float* db)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        nint width = Panels.Lanes * blocks;
        for (nint i = 0; i < width; i += TS.Width)
        {
            TV ui = TS.Load(du + i), ci = TS.Load(dc + i), wi = TS.Load(dw + i), bi = TS.Load(db + i);
            float* xr = x, ar = active + i, dr = dactive + i, sr = dskip + i;
            for (var r = 0; r < rows; r++, xr += xRow, ar += width, dr += width, sr += width)
            {
                var v = TS.Splat(*xr);
                var a = TS.Load(ar);
                var d = TS.Load(dr);
                var s = TS.Load(sr);
                d = TS.IfPositive(a, d, TS.MulAdd(d, a, d));
                ui = TS.MulAdd(d, v, ui);
                ci = TS.Add(ci, d);
                wi = TS.MulAdd(s, v, wi);
                bi = TS.Add(bi, s);
            }

            TS.Store(ui, du + i);
            TS.Store(ci, dc + i);
            TS.Store(wi, dw + i);
            TS.Store(bi, db + i);
        }
    }
}
