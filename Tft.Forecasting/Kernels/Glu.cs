using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels;

/// <summary>Gated linear unit, paper eq. 5. Its forward pass is <see cref="GatedGemm"/>.</summary>
internal static unsafe class Glu
{
    /// <summary>From the gradient of value * open, where open = sigmoid(gate), to those of value and gate, side by side; adds their column sums to <paramref name="sums"/>.</summary>
    /// <param name="dy">[rows, 16 blocks].</param>
    /// <param name="value">[rows, 16 blocks] of the forward pass.</param>
    /// <param name="open">[rows, 16 blocks] of the forward pass: sigmoid(gate).</param>
    /// <param name="row">Floats from row to row of these three.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="blocks">Blocks of 16 columns.</param>
    /// <param name="both">[rows, 32 blocks], contiguous: receives the gradients of the value, then of the gate.</param>
    /// <param name="sums">[32 blocks], added to: the gradient of the bias.</param>
    public static void Backward(float* dy, float* value, float* open, nint row, int rows, int blocks, float* both, float* sums)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Backward<Simd512, Vector512<float>>(dy, value, open, row, rows, blocks, both, sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Backward<Simd256, Vector256<float>>(dy, value, open, row, rows, blocks, both, sums);
        }
        else
        {
            Backward<Simd128, Vector128<float>>(dy, value, open, row, rows, blocks, both, sums);
        }
    }

    internal static void Backward<TS, TV>(float* dy, float* value, float* open, nint row, int rows, int blocks, float* both, float* sums)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        nint width = Panels.Lanes * blocks;
        var one = TS.Splat(1f);
        for (nint i = 0; i < width; i += TS.Width)
        {
            TV sumValue = TS.Load(sums + i), sumGate = TS.Load(sums + width + i);
            float* dr = dy + i, vr = value + i, or = open + i, br = both + i;
            for (var r = 0; r < rows; r++, dr += row, vr += row, or += row, br += 2 * width)
            {
                var d = TS.Load(dr);
                var s = TS.Load(or);
                var dv = TS.Mul(d, s);
                var dg = TS.Mul(TS.Mul(dv, TS.Load(vr)), TS.Sub(one, s));
                sumValue = TS.Add(sumValue, dv);
                sumGate = TS.Add(sumGate, dg);
                TS.Store(dv, br);
                TS.Store(dg, br + width);
            }

            TS.Store(sumValue, sums + i);
            TS.Store(sumGate, sums + width + i);
        }
    }
}
