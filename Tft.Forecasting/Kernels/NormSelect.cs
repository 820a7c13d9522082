using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels;

/// <summary>
/// A variable's last step in the selection network, paper eq. 8: its normalised row, times its selection weight, added to the selected row.
/// </summary>
internal static unsafe class NormSelect
{
    /// <summary>selected[r] = (or +=) weight[r] * LayerNorm(x[r]).</summary>
    /// <param name="x">[rows, n padded], <paramref name="row"/> floats apart.</param>
    /// <param name="row">Floats from row to row of x, selected and normal.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="n">Columns that count.</param>
    /// <param name="gamma">[n padded].</param>
    /// <param name="beta">[n padded].</param>
    /// <param name="weight">Selection weight of row r at weight[r * weightRow].</param>
    /// <param name="weightRow">Floats from weight to weight.</param>
    /// <param name="selected">[rows, n padded].</param>
    /// <param name="first">Whether selected is written rather than added to.</param>
    /// <param name="normal">[rows, n padded] receives the normalised rows.</param>
    /// <param name="scale">[rows] receives their scales.</param>
    public static void Forward(float* x, nint row, int rows, int n, float* gamma, float* beta, float* weight, nint weightRow, float* selected, bool first, float* normal, float* scale)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Forward<Simd512, Vector512<float>>(x, row, rows, n, gamma, beta, weight, weightRow, selected, first, normal, scale);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Forward<Simd256, Vector256<float>>(x, row, rows, n, gamma, beta, weight, weightRow, selected, first, normal, scale);
        }
        else
        {
            Forward<Simd128, Vector128<float>>(x, row, rows, n, gamma, beta, weight, weightRow, selected, first, normal, scale);
        }
    }

    internal static void Forward<TS, TV>(float* x, nint row, int rows, int n, float* gamma, float* beta, float* weight, nint weightRow, float* selected, bool first, float* normal, float* scale)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        nint padded = Panels.Pad(n);
        var share = 1f / n;
        for (var r = 0; r < rows; r++, x += row, selected += row, normal += row, weight += weightRow)
        {
            scale[r] = RowNorm<TS, TV>.Normalise(x, normal, padded, n, share);
            var w = TS.Splat(*weight);
            for (nint i = 0; i < padded; i += TS.Width)
            {
                var y = TS.MulAdd(TS.Load(normal + i), TS.Load(gamma + i), TS.Load(beta + i));
                TS.Store(first ? TS.Mul(w, y) : TS.MulAdd(w, y, TS.Load(selected + i)), selected + i);
            }
        }
    }

    /// <summary>From the gradient of the selected rows to those of the variable's rows, its weights, gamma and beta.</summary>
    /// <param name="dselected">[rows, n padded].</param>
    /// <param name="row">Floats from row to row of dselected, normal and dx.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="n">Columns that count.</param>
    /// <param name="gamma">[n padded].</param>
    /// <param name="beta">[n padded].</param>
    /// <param name="weight">As in the forward pass.</param>
    /// <param name="dweight">Receives the gradient of each weight, same layout.</param>
    /// <param name="weightRow">Floats from weight to weight.</param>
    /// <param name="normal">From the forward pass.</param>
    /// <param name="scale">From the forward pass.</param>
    /// <param name="dx">[rows, n padded], written.</param>
    /// <param name="dgamma">[n padded], added to.</param>
    /// <param name="dbeta">[n padded], added to.</param>
    public static void Backward(float* dselected, nint row, int rows, int n, float* gamma, float* beta, float* weight, float* dweight, nint weightRow, float* normal, float* scale, float* dx, float* dgamma, float* dbeta)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Backward<Simd512, Vector512<float>>(dselected, row, rows, n, gamma, beta, weight, dweight, weightRow, normal, scale, dx, dgamma, dbeta);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Backward<Simd256, Vector256<float>>(dselected, row, rows, n, gamma, beta, weight, dweight, weightRow, normal, scale, dx, dgamma, dbeta);
        }
        else
        {
            Backward<Simd128, Vector128<float>>(dselected, row, rows, n, gamma, beta, weight, dweight, weightRow, normal, scale, dx, dgamma, dbeta);
        }
    }

    internal static void Backward<TS, TV>(float* dselected, nint row, int rows, int n, float* gamma, float* beta, float* weight, float* dweight, nint weightRow, float* normal, float* scale, float* dx, float* dgamma, float* dbeta)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        nint padded = Panels.Pad(n);
        var share = 1f / n;
        for (var r = 0; r < rows; r++, dselected += row, normal += row, dx += row, weight += weightRow, dweight += weightRow)
        {
            var w = TS.Splat(*weight);
            TV sum = TS.Zero, dot = TS.Zero, own = TS.Zero;
            for (nint i = 0; i < padded; i += TS.Width)
            {
                var v = TS.Load(normal + i);
                var d = TS.Load(dselected + i);
                var scaled = TS.Load(gamma + i);
                own = TS.MulAdd(d, TS.MulAdd(v, scaled, TS.Load(beta + i)), own);
                d = TS.Mul(d, w);
                TS.Store(TS.MulAdd(d, v, TS.Load(dgamma + i)), dgamma + i);
                TS.Store(TS.Add(d, TS.Load(dbeta + i)), dbeta + i);
                d = TS.Mul(d, scaled);
                sum = TS.Add(sum, d);
                dot = TS.MulAdd(d, v, dot);
            }

            *dweight = TS.Sum(own);
            var mean = TS.Splat(TS.Sum(sum) * share);
            var slope = TS.Splat(TS.Sum(dot) * share);
            var s = TS.Splat(scale[r]);
            for (nint i = 0; i < padded; i += TS.Width)
            {
                var g = TS.Mul(TS.Mul(TS.Load(dselected + i), w), TS.Load(gamma + i));
                TS.Store(TS.Mul(s, TS.Sub(TS.Sub(g, mean), TS.Mul(TS.Load(normal + i), slope))), dx + i);
            }
        }
    }
}
