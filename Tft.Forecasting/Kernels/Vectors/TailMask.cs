using System.Runtime.CompilerServices;
using Tft.Forecasting.Kernels.Products;

namespace Tft.Forecasting.Kernels.Vectors;

/// <summary>Ones for the columns that count, zeros for the padding behind them.</summary>
internal static unsafe class TailMask
{
    private static readonly float* s_table = Create();

    /// <summary>A register with its first <paramref name="count"/> lanes 1 and the others 0; count may be below 0 or beyond the width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Load<TS, TV>(int count)
        where TS : struct, ISimd<TV>
        where TV : struct =>
        TS.Load(s_table + Panels.Lanes - Math.Clamp(count, 0, Panels.Lanes));

    private static float* Create()
    {
        var table = GC.AllocateArray<float>(2 * Panels.Lanes, pinned: true);
        table.AsSpan(0, Panels.Lanes).Fill(1f);
        s_keep = table;
        return (float*)Unsafe.AsPointer(ref table[0]);
    }

    // keeps the pinned array alive for the life of the process
    private static float[]? s_keep;
}
