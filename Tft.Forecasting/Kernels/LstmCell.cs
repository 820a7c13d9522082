using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels;

/// <summary>
/// One step of a long short-term memory for a batch of windows: input and recurrent products, gates and state in one pass, so that no gate is stored
/// unless the backward pass needs it.
/// </summary>
/// <remarks>
/// i, f, o = sigmoid, g = tanh of W x + U h + b; c = f c + i g; h = o tanh c. Weights are packed for blocks of 16 units as [input width + hidden width, 4, 16], gates in the order i, f, g, o.
/// </remarks>
internal static unsafe class LstmCell
{
    /// <summary>Moves every row of the batch by one step.</summary>
    /// <param name="s">The rows.</param>
    /// <param name="rows">Windows.</param>
    /// <param name="blocks">Blocks of 16 hidden units.</param>
    /// <param name="weight">Packed weights.</param>
    /// <param name="bias">[blocks, 4, 16].</param>
    public static void Forward(LstmRows s, int rows, int blocks, float* weight, float* bias)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Forward<Simd512, Vector512<float>>(s, rows, blocks, weight, bias);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Forward<Simd256, Vector256<float>>(s, rows, blocks, weight, bias);
        }
        else
        {
            Forward<Simd128, Vector128<float>>(s, rows, blocks, weight, bias);
        }
    }

    internal static void Forward<TS, TV>(LstmRows s, int rows, int blocks, float* weight, float* bias)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        var panel = (s.InputWidth + s.HiddenWidth) * 64;
        for (var block = 0; block < blocks; block++, weight += panel, bias += 64)
        {
            for (nint lane = 0; lane < Panels.Lanes; lane += TS.Width)
            {
                var tile = TS.Wide ? 4 : 2;
                for (var r = 0; r < rows; r += tile)
                {
                    var part = s.From(r);
                    if (TS.Wide && rows - r > 1)
                    {
                        Rows4<TS, TV>(part, rows - r, weight + lane, bias + lane, ((nint)block * Panels.Lanes) + lane);
                    }
                    else
                    {
                        Rows2<TS, TV>(part, rows - r, weight + lane, bias + lane, ((nint)block * Panels.Lanes) + lane);
                    }
                }
            }
        }
    }

    /// <summary>From the gradients of h and c after the step to those of the four gates (before their sigmoid and tanh) and of c before the step.</summary>
    /// <param name="dh">[rows, H], <paramref name="dhRow"/> floats apart: gradient of h.</param>
    /// <param name="dhRow">Floats from row to row of dh.</param>
    /// <param name="dc">[rows, H], contiguous: gradient of c; becomes that of the c before.</param>
    /// <param name="gates">[rows, 4 H] of the forward pass; becomes their gradient.</param>
    /// <param name="gatesRow">Floats from row to row of the gates.</param>
    /// <param name="before">[rows, H]: c before the step.</param>
    /// <param name="after">[rows, H]: c after it.</param>
    /// <param name="cellRow">Floats from row to row of the cells.</param>
    /// <param name="rows">Windows.</param>
    /// <param name="blocks">Blocks of 16 hidden units.</param>
    public static void Backward(float* dh, nint dhRow, float* dc, float* gates, nint gatesRow, float* before, float* after, nint cellRow, int rows, int blocks)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Backward<Simd512, Vector512<float>>(dh, dhRow, dc, gates, gatesRow, before, after, cellRow, rows, blocks);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Backward<Simd256, Vector256<float>>(dh, dhRow, dc, gates, gatesRow, before, after, cellRow, rows, blocks);
        }
        else
        {
            Backward<Simd128, Vector128<float>>(dh, dhRow, dc, gates, gatesRow, before, after, cellRow, rows, blocks);
        }
    }

    internal static void Backward<TS, TV>(float* dh, nint dhRow, float* dc, float* gates, nint gatesRow, float* before, float* after, nint cellRow, int rows, int blocks)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        nint width = Panels.Lanes * blocks;
        var one = TS.Splat(1f);
        for (var r = 0; r < rows; r++)
        {
            for (nint u = 0; u < width; u += TS.Width)
            {
                var gate = gates + (r * gatesRow) + (u / Panels.Lanes * 64) + (u % Panels.Lanes);
                TV i = TS.Load(gate), f = TS.Load(gate + 16), g = TS.Load(gate + 32), o = TS.Load(gate + 48);
                var t = SimdMath<TS, TV>.Tanh(TS.Load(after + (r * cellRow) + u));
                var d = TS.Load(dh + (r * dhRow) + u);
                var cell = TS.MulAdd(TS.Mul(d, o), TS.Sub(one, TS.Mul(t, t)), TS.Load(dc + (r * width) + u));
                TS.Store(TS.Mul(TS.Mul(TS.Mul(cell, g), i), TS.Sub(one, i)), gate);
                TS.Store(TS.Mul(TS.Mul(TS.Mul(cell, TS.Load(before + (r * cellRow) + u)), f), TS.Sub(one, f)), gate + 16);
                TS.Store(TS.Mul(TS.Mul(cell, i), TS.Sub(one, TS.Mul(g, g))), gate + 32);
                TS.Store(TS.Mul(TS.Mul(TS.Mul(d, t), o), TS.Sub(one, o)), gate + 48);
                TS.Store(TS.Mul(cell, f), dc + (r * width) + u);
            }
        }
    }

    /// <summary>4 rows, one register of units: four gates each.</summary>
    internal static void Rows4<TS, TV>(in LstmRows s, int rows, float* weight, float* bias, nint unit)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        var last = rows - 1;
        TV i0 = TS.Load(bias), f0 = TS.Load(bias + 16), g0 = TS.Load(bias + 32), o0 = TS.Load(bias + 48);
        TV i1 = i0, f1 = f0, g1 = g0, o1 = o0;
        TV i2 = i0, f2 = f0, g2 = g0, o2 = o0;
        TV i3 = i0, f3 = f0, g3 = g0, o3 = o0;
        nint xRow = s.InputRow, hRow = s.HiddenRow;
        float* x0 = s.Input, x1 = x0 + (Math.Min(1, last) * xRow), x2 = x0 + (Math.Min(2, last) * xRow), x3 = x0 + (Math.Min(3, last) * xRow);
        for (nint k = 0; k < s.InputWidth; k++, weight += 64)
        {
            TV wi = TS.Load(weight), wf = TS.Load(weight + 16), wg = TS.Load(weight + 32), wo = TS.Load(weight + 48);
            var a0 = TS.Splat(x0[k]);
            i0 = TS.MulAdd(a0, wi, i0);
            f0 = TS.MulAdd(a0, wf, f0);
            g0 = TS.MulAdd(a0, wg, g0);
            o0 = TS.MulAdd(a0, wo, o0);
            var a1 = TS.Splat(x1[k]);
            i1 = TS.MulAdd(a1, wi, i1);
            f1 = TS.MulAdd(a1, wf, f1);
            g1 = TS.MulAdd(a1, wg, g1);
            o1 = TS.MulAdd(a1, wo, o1);
            var a2 = TS.Splat(x2[k]);
            i2 = TS.MulAdd(a2, wi, i2);
            f2 = TS.MulAdd(a2, wf, f2);
            g2 = TS.MulAdd(a2, wg, g2);
            o2 = TS.MulAdd(a2, wo, o2);
            var a3 = TS.Splat(x3[k]);
            i3 = TS.MulAdd(a3, wi, i3);
            f3 = TS.MulAdd(a3, wf, f3);
            g3 = TS.MulAdd(a3, wg, g3);
            o3 = TS.MulAdd(a3, wo, o3);
        }

        float* h0 = s.Hidden, h1 = h0 + (Math.Min(1, last) * hRow), h2 = h0 + (Math.Min(2, last) * hRow), h3 = h0 + (Math.Min(3, last) * hRow);
        for (nint k = 0; k < s.HiddenWidth; k++, weight += 64)
        {
            TV wi = TS.Load(weight), wf = TS.Load(weight + 16), wg = TS.Load(weight + 32), wo = TS.Load(weight + 48);
            var a0 = TS.Splat(h0[k]);
            i0 = TS.MulAdd(a0, wi, i0);
            f0 = TS.MulAdd(a0, wf, f0);
            g0 = TS.MulAdd(a0, wg, g0);
            o0 = TS.MulAdd(a0, wo, o0);
            var a1 = TS.Splat(h1[k]);
            i1 = TS.MulAdd(a1, wi, i1);
            f1 = TS.MulAdd(a1, wf, f1);
            g1 = TS.MulAdd(a1, wg, g1);
            o1 = TS.MulAdd(a1, wo, o1);
            var a2 = TS.Splat(h2[k]);
            i2 = TS.MulAdd(a2, wi, i2);
            f2 = TS.MulAdd(a2, wf, f2);
            g2 = TS.MulAdd(a2, wg, g2);
            o2 = TS.MulAdd(a2, wo, o2);
            var a3 = TS.Splat(h3[k]);
            i3 = TS.MulAdd(a3, wi, i3);
            f3 = TS.MulAdd(a3, wf, f3);
            g3 = TS.MulAdd(a3, wg, g3);
            o3 = TS.MulAdd(a3, wo, o3);
        }

        Finish<TS, TV>(s, 0, unit, i0, f0, g0, o0);
        Finish<TS, TV>(s, Math.Min(1, last), unit, i1, f1, g1, o1);
        Finish<TS, TV>(s, Math.Min(2, last), unit, i2, f2, g2, o2);
        Finish<TS, TV>(s, Math.Min(3, last), unit, i3, f3, g3, o3);
    }

    /// <summary>2 rows, one register of units: four gates each.</summary>
    internal static void Rows2<TS, TV>(in LstmRows s, int rows, float* weight, float* bias, nint unit)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        var last = rows - 1;
        TV i0 = TS.Load(bias), f0 = TS.Load(bias + 16), g0 = TS.Load(bias + 32), o0 = TS.Load(bias + 48);
        TV i1 = i0, f1 = f0, g1 = g0, o1 = o0;
        nint xRow = s.InputRow, hRow = s.HiddenRow;
        float* x0 = s.Input, x1 = x0 + (Math.Min(1, last) * xRow);
        for (nint k = 0; k < s.InputWidth; k++, weight += 64)
        {
            TV wi = TS.Load(weight), wf = TS.Load(weight + 16), wg = TS.Load(weight + 32), wo = TS.Load(weight + 48);
            var a0 = TS.Splat(x0[k]);
            i0 = TS.MulAdd(a0, wi, i0);
            f0 = TS.MulAdd(a0, wf, f0);
            g0 = TS.MulAdd(a0, wg, g0);
            o0 = TS.MulAdd(a0, wo, o0);
            var a1 = TS.Splat(x1[k]);
            i1 = TS.MulAdd(a1, wi, i1);
            f1 = TS.MulAdd(a1, wf, f1);
            g1 = TS.MulAdd(a1, wg, g1);
            o1 = TS.MulAdd(a1, wo, o1);
        }

        float* h0 = s.Hidden, h1 = h0 + (Math.Min(1, last) * hRow);
        for (nint k = 0; k < s.HiddenWidth; k++, weight += 64)
        {
            TV wi = TS.Load(weight), wf = TS.Load(weight + 16), wg = TS.Load(weight + 32), wo = TS.Load(weight + 48);
            var a0 = TS.Splat(h0[k]);
            i0 = TS.MulAdd(a0, wi, i0);
            f0 = TS.MulAdd(a0, wf, f0);
            g0 = TS.MulAdd(a0, wg, g0);
            o0 = TS.MulAdd(a0, wo, o0);
            var a1 = TS.Splat(h1[k]);
            i1 = TS.MulAdd(a1, wi, i1);
            f1 = TS.MulAdd(a1, wf, f1);
            g1 = TS.MulAdd(a1, wg, g1);
            o1 = TS.MulAdd(a1, wo, o1);
        }

        Finish<TS, TV>(s, 0, unit, i0, f0, g0, o0);
        Finish<TS, TV>(s, Math.Min(1, last), unit, i1, f1, g1, o1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TS, TV>(in LstmRows s, nint row, nint unit, TV i, TV f, TV g, TV o)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        i = SimdMath<TS, TV>.Sigmoid(i);
        f = SimdMath<TS, TV>.Sigmoid(f);
        g = SimdMath<TS, TV>.Tanh(g);
        o = SimdMath<TS, TV>.Sigmoid(o);
        var c = TS.MulAdd(f, TS.Load(s.Cell + (row * s.CellRow) + unit), TS.Mul(i, g));
        TS.Store(c, s.NextCell + (row * s.CellRow) + unit);
        TS.Store(TS.Mul(o, SimdMath<TS, TV>.Tanh(c)), s.NextHidden + (row * s.HiddenRow) + unit);
        if (s.Gates is not null)
        {
            var gate = s.Gates + (row * s.GatesRow) + (unit / Panels.Lanes * 64) + (unit % Panels.Lanes);
            TS.Store(i, gate);
            TS.Store(f, gate + 16);
            TS.Store(g, gate + 32);
            TS.Store(o, gate + 48);
        }
    }
}
