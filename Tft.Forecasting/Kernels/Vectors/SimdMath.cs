using System.Runtime.CompilerServices;

namespace Tft.Forecasting.Kernels.Vectors;

/// <summary>exp and what is made of it, by polynomial, in registers.</summary>
internal static class SimdMath<TS, TV>
    where TS : struct, ISimd<TV>
    where TV : struct
{
    // adding 1.5 * 2^23 leaves the rounded integer in the low bits of the mantissa
    private const float Rounder = 12582912f;

    /// <summary>e^x within 2 units in the last place for -87.3 &lt;= x &lt;= 88.3; beyond, the value at the bound. NaN stays NaN.</summary>
    /// <remarks>x = n ln 2 + r with |r| &lt;= ln 2 / 2; e^r by a polynomial of degree 7 (coefficients of Cephes' expf), then times 2^n.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Exp(TV x)
    {
        x = TS.Min(TS.Splat(88.3f), TS.Max(TS.Splat(-87.3f), x));
        var shifted = TS.MulAdd(x, TS.Splat(1.44269504088896341f), TS.Splat(Rounder));
        var n = TS.Sub(shifted, TS.Splat(Rounder));
        var r = TS.MulAdd(n, TS.Splat(-0.693359375f), x);
        r = TS.MulAdd(n, TS.Splat(2.12194440e-4f), r);
        var p = TS.MulAdd(r, TS.Splat(1.9875691500e-4f), TS.Splat(1.3981999507e-3f));
        p = TS.MulAdd(p, r, TS.Splat(8.3334519073e-3f));
        p = TS.MulAdd(p, r, TS.Splat(4.1665795894e-2f));
        p = TS.MulAdd(p, r, TS.Splat(1.6666665459e-1f));
        p = TS.MulAdd(p, r, TS.Splat(5.0000001201e-1f));
        p = TS.Add(TS.MulAdd(p, TS.Mul(r, r), r), TS.Splat(1f));
        return TS.ScaleByPowerOfTwo(p, shifted);
    }

    /// <summary>1 / (1 + e^-x), absolute error below 2e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Sigmoid(TV x) => TS.Reciprocal(TS.Add(TS.Splat(1f), Exp(TS.Sub(TS.Zero, x))));

    /// <summary>tanh x = 1 - 2 / (1 + e^2x), absolute error below 3e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Tanh(TV x) =>
        TS.MulAdd(TS.Splat(-2f), TS.Reciprocal(TS.Add(TS.Splat(1f), Exp(TS.Add(x, x)))), TS.Splat(1f));

    /// <summary>x where x &gt; 0, else e^x - 1; absolute error below 2e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Elu(TV x) => TS.IfPositive(x, x, TS.Sub(Exp(x), TS.Splat(1f)));
}
