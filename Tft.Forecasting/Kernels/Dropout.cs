using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels;

/// <summary>Inverted dropout whose mask is a pure function of a seed, so that the backward pass and a resumed training repeat it exactly.</summary>
internal static unsafe class Dropout
{
    /// <summary>x[r, i] = 0 with probability threshold / 2^32, else x times <paramref name="scale"/>.</summary>
    /// <param name="x">[rows, 16 blocks], contiguous.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="blocks">Blocks of 16 columns.</param>
    /// <param name="seed">Names the mask: the same seed, the same mask.</param>
    /// <param name="threshold">Share that is dropped, times 2^32.</param>
    /// <param name="scale">1 / (share that is kept).</param>
    public static void Apply(float* x, int rows, int blocks, ulong seed, uint threshold, float scale)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Apply<Simd512, Vector512<float>>(x, rows, blocks, seed, threshold, scale);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Apply<Simd256, Vector256<float>>(x, rows, blocks, seed, threshold, scale);
        }
        else
        {
            Apply<Simd128, Vector128<float>>(x, rows, blocks, seed, threshold, scale);
        }
    }

    internal static void Apply<TS, TV>(float* x, int rows, int blocks, ulong seed, uint threshold, float scale)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        // 16 lanes at every width, so that the mask does not depend on the machine
        var lanes = stackalloc uint[Panels.Lanes];
        for (var l = 0; l < Panels.Lanes; l++)
        {
            seed += 0x9E3779B97F4A7C15ul;
            lanes[l] = (uint)(Counter.Mix(seed) >> 32) | 1u;
        }

        var keep = TS.Splat(scale);
        nint end = (nint)rows * Panels.Lanes * blocks;
        for (nint lane = 0; lane < Panels.Lanes; lane += TS.Width)
        {
            var state = TS.Load((float*)lanes + lane);
            for (var i = lane; i < end; i += Panels.Lanes)
            {
                state = TS.NextRandom(state);
                TS.Store(TS.Mul(TS.Load(x + i), TS.KeepMask(state, threshold, keep)), x + i);
            }
        }
    }
}
