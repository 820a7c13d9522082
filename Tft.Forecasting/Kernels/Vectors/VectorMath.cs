using System.Runtime.Intrinsics;

namespace Tft.Forecasting.Kernels.Vectors;

/// <summary>Plain sums over contiguous floats; lengths are multiples of 16.</summary>
internal static unsafe class VectorMath
{
    /// <summary>x[i] += y[i].</summary>
    public static void Add(float* x, float* y, nint n)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Add<Simd512, Vector512<float>>(x, y, n);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Add<Simd256, Vector256<float>>(x, y, n);
        }
        else
        {
            Add<Simd128, Vector128<float>>(x, y, n);
        }
    }

    internal static void Add<TS, TV>(float* x, float* y, nint n)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        for (nint i = 0; i < n; i += TS.Width)
        {
            TS.Store(TS.Add(TS.Load(x + i), TS.Load(y + i)), x + i);
        }
    }

    /// <summary>x[i] = (x[i] + y[i]) * factor.</summary>
    public static void AddScaled(float* x, float* y, nint n, float factor)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            AddScaled<Simd512, Vector512<float>>(x, y, n, factor);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            AddScaled<Simd256, Vector256<float>>(x, y, n, factor);
        }
        else
        {
            AddScaled<Simd128, Vector128<float>>(x, y, n, factor);
        }
    }

    internal static void AddScaled<TS, TV>(float* x, float* y, nint n, float factor)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        var f = TS.Splat(factor);
        for (nint i = 0; i < n; i += TS.Width)
        {
            TS.Store(TS.Mul(TS.Add(TS.Load(x + i), TS.Load(y + i)), f), x + i);
        }
    }
}
