using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels;

/// <summary>Layer normalisation: y = (x - mean) / sqrt(variance + 1e-3) * gamma + beta, over the n columns of each row.</summary>
/// <remarks>Columns beyond n are padding: they are left out of mean and variance and come out as zero.</remarks>
internal static unsafe class LayerNorm
{
    /// <summary>Added to the variance, as in the paper's own code.</summary>
    public const float Epsilon = 1e-3f;

    /// <summary>Normalises rows and keeps what the backward pass needs.</summary>
    /// <param name="x">[rows, n padded], rows <paramref name="row"/> floats apart; may be <paramref name="y"/>.</param>
    /// <param name="y">Output, same shape.</param>
    /// <param name="row">Floats from row to row of x, y and normal.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="n">Columns that count.</param>
    /// <param name="gamma">[n padded], zero in the padding.</param>
    /// <param name="beta">[n padded], zero in the padding.</param>
    /// <param name="normal">[rows, n padded] receives (x - mean) * scale, or null.</param>
    /// <param name="scale">[rows] receives 1 / sqrt(variance + epsilon), or null.</param>
    public static void Forward(float* x, float* y, nint row, int rows, int n, float* gamma, float* beta, float* normal, float* scale)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Forward<Simd512, Vector512<float>>(x, y, row, rows, n, gamma, beta, normal, scale);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Forward<Simd256, Vector256<float>>(x, y, row, rows, n, gamma, beta, normal, scale);
        }
        else
        {
            Forward<Simd128, Vector128<float>>(x, y, row, rows, n, gamma, beta, normal, scale);
        }
    }

    internal static void Forward<TS, TV>(float* x, float* y, nint row, int rows, int n, float* gamma, float* beta, float* normal, float* scale)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        nint padded = Panels.Pad(n);
        var share = 1f / n;
        for (var r = 0; r < rows; r++, x += row, y += row)
        {
            var s = RowNorm<TS, TV>.Normalise(x, y, padded, n, share);
            for (nint i = 0; i < padded; i += TS.Width)
            {
                var v = TS.Load(y + i);
                if (normal is not null)
                {
                    TS.Store(v, normal + i);
                }

                TS.Store(TS.MulAdd(v, TS.Load(gamma + i), TS.Load(beta + i)), y + i);
            }

            if (normal is not null)
            {
                normal += row;
                scale[r] = s;
            }
        }
    }

    /// <summary>dx = scale (g - mean g - normal mean(g normal)) with g = dy gamma; adds to dgamma and dbeta.</summary>
    /// <param name="dy">[rows, n padded]; may be <paramref name="dx"/>.</param>
    /// <param name="dx">Output; its padding holds numbers without meaning.</param>
    /// <param name="row">Floats from row to row of dy, dx and normal.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="n">Columns that count.</param>
    /// <param name="gamma">[n padded].</param>
    /// <param name="normal">From the forward pass.</param>
    /// <param name="scale">From the forward pass.</param>
    /// <param name="dgamma">[n padded], added to.</param>
    /// <param name="dbeta">[n padded], added to.</param>
    public static void Backward(float* dy, float* dx, nint row, int rows, int n, float* gamma, float* normal, float* scale, float* dgamma, float* dbeta)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Backward<Simd512, Vector512<float>>(dy, dx, row, rows, n, gamma, normal, scale, dgamma, dbeta);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Backward<Simd256, Vector256<float>>(dy, dx, row, rows, n, gamma, normal, scale, dgamma, dbeta);
        }
        else
        {
            Backward<Simd128, Vector128<float>>(dy, dx, row, rows, n, gamma, normal, scale, dgamma, dbeta);
        }
    }

    internal static void Backward<TS, TV>(float* dy, float* dx, nint row, int rows, int n, float* gamma, float* normal, float* scale, float* dgamma, float* dbeta)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        nint padded = Panels.Pad(n);
        var share = 1f / n;
        for (var r = 0; r < rows; r++, dy += row, dx += row, normal += row)
        {
            TV sum = TS.Zero, dot = TS.Zero;
            for (nint i = 0; i < padded; i += TS.Width)
            {
                var d = TS.Load(dy + i);
                var v = TS.Load(normal + i);
                TS.Store(TS.MulAdd(d, v, TS.Load(dgamma + i)), dgamma + i);
                TS.Store(TS.Add(d, TS.Load(dbeta + i)), dbeta + i);
                var g = TS.Mul(d, TS.Load(gamma + i));
                sum = TS.Add(sum, g);
                dot = TS.MulAdd(g, v, dot);
            }

            var mean = TS.Splat(TS.Sum(sum) * share);
            var slope = TS.Splat(TS.Sum(dot) * share);
            var s = TS.Splat(scale[r]);
            for (nint i = 0; i < padded; i += TS.Width)
            {
                var g = TS.Mul(TS.Load(dy + i), TS.Load(gamma + i));
                TS.Store(TS.Mul(s, TS.Sub(TS.Sub(g, mean), TS.Mul(TS.Load(normal + i), slope))), dx + i);
            }
        }
    }
}
