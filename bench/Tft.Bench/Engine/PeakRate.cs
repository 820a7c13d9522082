using System.Runtime.Intrinsics;
using Tft.Bench.Reporting;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Bench.Engine;

/// <summary>How near the matrix product comes to what one core can do at all: multiply-adds on registers alone, measured in the same run.</summary>
internal static unsafe class PeakRate
{
    private const int Steps = 20000;

    /// <summary>Rate of the product of the layers at hidden 64 (288 x 64 times 64 x 64), as a share of the core's peak.</summary>
    public static BenchResult Measure()
    {
        const int Rows = 288, H = 64;
        FloatBlock a = new(Rows * H), b = new(H * H), c = new(Rows * H);
        a.Span.Fill(0.5f);
        b.Span.Fill(0.25f);
        void Product() => Gemm.Multiply(a.Pointer, H, Rows, H, Panels.Packed(b.Pointer, H), H / Panels.Lanes, null, c.Pointer, H);
        var sink = 0f;
        void Registers() => sink += Peak();
        Rate.MedianSeconds(Product, 0.5);
        Rate.MedianSeconds(Registers, 0.5);
        var (product, peak) = (0.0, 0.0);
        for (var round = 0; round < 9; round++)
        {
            // the fastest of each: whatever else runs can only slow them down
            product = Math.Max(product, (double)Rows * H * H / Fastest(Product));
            peak = Math.Max(peak, (double)Steps * 12 * Lanes / Fastest(Registers));
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
        return new BenchResult("engine.gemm.share_of_peak", product / peak, "0..1", null, null, $"{product / 1e9:N0} of {peak / 1e9:N0} G multiply-adds/s on one core{(float.IsNaN(sink) ? " (!)" : "")}");
    }

    private static int Lanes => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    private static double Fastest(Action run)
    {
        var best = double.MaxValue;
        for (var i = 0; i < 50; i++)
        {
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            run();
            best = Math.Min(best, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static float Peak() => Vector512.IsHardwareAccelerated ? Peak<Simd512, Vector512<float>>()
        : Vector256.IsHardwareAccelerated ? Peak<Simd256, Vector256<float>>() : Peak<Simd128, Vector128<float>>();

    /// <summary>Twelve independent sums, more than the latency of two multiply-adds a cycle needs.</summary>
    private static float Peak<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        TV x = TS.Splat(0.999f), y = TS.Splat(0.001f);
        TV s0 = y, s1 = y, s2 = y, s3 = y, s4 = y, s5 = y, s6 = y, s7 = y, s8 = y, s9 = y, s10 = y, s11 = y;
        for (var i = 0; i < Steps; i++)
        {
            s0 = TS.MulAdd(s0, x, y);
            s1 = TS.MulAdd(s1, x, y);
            s2 = TS.MulAdd(s2, x, y);
            s3 = TS.MulAdd(s3, x, y);
            s4 = TS.MulAdd(s4, x, y);
            s5 = TS.MulAdd(s5, x, y);
            s6 = TS.MulAdd(s6, x, y);
            s7 = TS.MulAdd(s7, x, y);
            s8 = TS.MulAdd(s8, x, y);
            s9 = TS.MulAdd(s9, x, y);
            s10 = TS.MulAdd(s10, x, y);
            s11 = TS.MulAdd(s11, x, y);
        }

        return TS.Sum(TS.Add(TS.Add(TS.Add(s0, s1), TS.Add(s2, s3)), TS.Add(TS.Add(TS.Add(s4, s5), TS.Add(s6, s7)), TS.Add(TS.Add(s8, s9), TS.Add(s10, s11)))));
    }
}
