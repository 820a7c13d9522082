using System.Runtime.InteropServices;
using Tft.Contract.Metrics;
using Tft.Inference.Windows;

namespace Tft.Inference.LongHistory;

/// <summary>
/// The 72 values of one metric in at most 153 bytes. Values with up to three decimals come back to the bit; others at 16 bits, on a scale from the smallest of them to the
/// largest: off by at most 1/131,068 of that range. A half would make 70.13 % into 70.125 and every percentage into a multiple of 1/16.
/// </summary>
internal static class ChunkColumn
{
    public const int MostBytes = 1 + 8 + (IPastSteps.Steps * 2);
    private const int Steps = IPastSteps.Steps;
    private const int Metrics = MetricCatalog.Count;
    private const byte Nothing = 0;
    private const byte Constant = 1;
    private const byte Scaled = 2;
    private const byte Decimal = 3;
    private const byte MostDecimals = 3;
    private const ushort Gap = ushort.MaxValue;

    /// <summary>Writes a metric of rows [72 x 14]; returns the bytes taken.</summary>
    public static int Write(ReadOnlySpan<float> rows, int metric, Span<byte> to)
    {
        var (low, high, measured) = (float.PositiveInfinity, float.NegativeInfinity, 0);
        for (var i = 0; i < Steps; i++)
        {
            var v = rows[(i * Metrics) + metric];
            if (float.IsNaN(v))
                continue;
            (low, high) = (Math.Min(low, v), Math.Max(high, v));
            measured++;
        }

        to[0] = measured == 0 ? Nothing : low == high && measured == Steps ? Constant : Scaled;
        if (to[0] == Nothing)
            return 1;
        MemoryMarshal.Write(to[1..], low);
        if (to[0] == Constant)
            return 1 + sizeof(float);
        var codes = MemoryMarshal.Cast<byte, ushort>(to.Slice(1 + 8, Steps * 2));
        for (byte decimals = 0; decimals <= MostDecimals; decimals++)
        {
            if (!TryDecimal(rows, metric, low, high, decimals, codes))
                continue;
            to[0] = (byte)(Decimal + decimals);
            MemoryMarshal.Write(to[5..], 0);
            return MostBytes;
        }

        var step = (float)(((double)high - low) / (Gap - 1));
        MemoryMarshal.Write(to[5..], step);
        var inverse = step > 0 ? 1.0 / step : 0;
        for (var i = 0; i < Steps; i++)
        {
            var v = rows[(i * Metrics) + metric];
            codes[i] = float.IsNaN(v) ? Gap : (ushort)Math.Clamp(Math.Round(((double)v - low) * inverse), 0, Gap - 1);
        }

        return MostBytes;
    }

    /// <summary>Reads a metric; returns the bytes taken.</summary>
    /// <exception cref="InvalidDataException">It is not one.</exception>
    public static int Read(ReadOnlySpan<byte> from, Span<float> values)
    {
        var kind = from.IsEmpty ? byte.MaxValue : from[0];
        if (kind > Decimal + MostDecimals || from.Length < (kind == Nothing ? 1 : kind == Constant ? 5 : MostBytes))
            throw new InvalidDataException($"a column of kind {kind} with {from.Length} bytes");
        if (kind == Nothing)
        {
            values.Fill(float.NaN);
            return 1;
        }

        var low = MemoryMarshal.Read<float>(from[1..]);
        if (kind == Constant)
        {
            values.Fill(low);
            return 1 + sizeof(float);
        }

        var codes = MemoryMarshal.Cast<byte, ushort>(from.Slice(1 + 8, Steps * 2));
        var power = kind >= Decimal ? Power(kind - Decimal) : 0;
        var first = kind >= Decimal ? Math.Round(low * power) : 0;
        var step = MemoryMarshal.Read<float>(from[5..]);
        for (var i = 0; i < Steps; i++)
            values[i] = codes[i] == Gap ? float.NaN : kind >= Decimal ? (float)((first + codes[i]) / power) : low + (step * codes[i]);
        return MostBytes;
    }

    /// <summary>True where every value is a number of so many decimals, and comes back to the bit.</summary>
    private static bool TryDecimal(ReadOnlySpan<float> rows, int metric, float low, float high, int decimals, Span<ushort> codes)
    {
        var power = Power(decimals);
        var first = Math.Round(low * power);
        if (((double)high - low) * power > Gap - 1 || Math.Abs(first) > int.MaxValue)
            return false;
        for (var i = 0; i < Steps; i++)
        {
            var v = rows[(i * Metrics) + metric];
            if (float.IsNaN(v))
            {
                codes[i] = Gap;
                continue;
            }

            var whole = Math.Round(v * power);
            if (whole - first is < 0 or > Gap - 1 || BitConverter.SingleToInt32Bits((float)(whole / power)) != BitConverter.SingleToInt32Bits(v))
                return false;
            codes[i] = (ushort)(whole - first);
        }

        return true;
    }

    private static double Power(int decimals) => decimals switch { 0 => 1, 1 => 10, 2 => 100, _ => 1000 };
}
