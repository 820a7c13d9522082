using System.Runtime.CompilerServices;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels.Products;

/// <summary>What a matrix product does with a sum before it is stored.</summary>
internal interface IEpilogue<TS, TV>
    where TS : struct, ISimd<TV>
    where TV : struct
{
    static abstract TV Apply(TV sum);
}

/// <summary>Stores the sum as it is.</summary>
internal readonly struct Plain<TS, TV> : IEpilogue<TS, TV>
    where TS : struct, ISimd<TV>
    where TV : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply(TV sum) => sum;
}

/// <summary>Stores ELU(sum).</summary>
internal readonly struct WithElu<TS, TV> : IEpilogue<TS, TV>
    where TS : struct, ISimd<TV>
    where TV : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply(TV sum) => SimdMath<TS, TV>.Elu(sum);
}
