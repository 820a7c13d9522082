using System.Runtime.InteropServices;
using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.State;

/// <summary>
/// The tables of a server at 16 bits a value, for as many servers as there are: 1,016 bytes a metric and 2 n bytes for what the others say of it, 13.6 KB for 13
/// metrics. Each table stands on its own scale from its smallest to its largest value, so a value is off by at most 1/131,070 of that range: a half would be off by
/// 0.03 at 70 %. Immutable.
/// </summary>
public sealed class PackedTables
{
    private const int Scalars = 4;
    private const int Tables = 5;
    private const int HeaderBytes = (Scalars + (2 * Tables)) * sizeof(float);
    private const int Values = Protocol.Day + (4 * DayProfile.Coarse);
    private const int MetricBytes = HeaderBytes + (Values * sizeof(ushort));

    private readonly byte[] _bytes;

    private PackedTables(byte[] bytes, int metrics) => (_bytes, Metrics) = (bytes, metrics);

    /// <summary>Number of metrics.</summary>
    public int Metrics { get; }

    /// <summary>As it is kept in a file.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Bytes of the tables of so many metrics.</summary>
    public static int Size(int metrics) => (metrics * MetricBytes) + (metrics * metrics * 2);

    /// <summary>Packs tables.</summary>
    /// <returns>Null where a value is not finite: such tables are of no use.</returns>
    public static PackedTables? Pack(ServerTables tables)
    {
        var bytes = new byte[Size(tables.Count)];
        for (var m = 0; m < tables.Count; m++)
        {
            var table = tables.Metrics[m];
            var at = bytes.AsSpan(m * MetricBytes, MetricBytes);
            var header = MemoryMarshal.Cast<byte, float>(at[..HeaderBytes]);
            (header[0], header[1], header[2], header[3]) = (table.Mean, table.Deviation, table.Scale, table.Grid);
            var codes = MemoryMarshal.Cast<byte, ushort>(at[HeaderBytes..]);
            var p = table.Profile;
            var done = 0;
            foreach (var (i, values) in new[] { p.Location, p.Spread, p.Low, p.Median, p.High }.Index())
            {
                Quantize(values, codes.Slice(done, values.Length), out header[Scalars + (2 * i)], out header[Scalars + (2 * i) + 1]);
                done += values.Length;
            }

            if (header.ContainsAny(float.NaN, float.PositiveInfinity, float.NegativeInfinity))
                return null;
        }

        var cross = MemoryMarshal.Cast<byte, Half>(bytes.AsSpan(tables.Count * MetricBytes));
        for (var i = 0; i < cross.Length; i++)
            cross[i] = (Half)tables.Cross[i];
        return new PackedTables(bytes, tables.Count);
    }

    /// <summary>Takes tables over that were kept in a file.</summary>
    /// <exception cref="InvalidDataException">These are not the tables of so many metrics.</exception>
    public static PackedTables Of(ReadOnlySpan<byte> bytes, int metrics) => bytes.Length == Size(metrics)
        ? new PackedTables(bytes.ToArray(), metrics)
        : throw new InvalidDataException($"The tables of {metrics} metrics have {bytes.Length} bytes instead of {Size(metrics)}.");

    /// <summary>Unpacks into tables of as many metrics, whose memory is used again.</summary>
    internal void Unpack(ServerTables tables)
    {
        for (var m = 0; m < Metrics; m++)
        {
            var at = _bytes.AsSpan(m * MetricBytes, MetricBytes);
            var header = MemoryMarshal.Cast<byte, float>(at[..HeaderBytes]);
            ReadOnlySpan<ushort> codes = MemoryMarshal.Cast<byte, ushort>(at[HeaderBytes..]);
            var p = tables.Metrics[m].Profile;
            codes = Restore(codes, header, 0, p.Location);
            codes = Restore(codes, header, 1, p.Spread);
            codes = Restore(codes, header, 2, p.Low);
            codes = Restore(codes, header, 3, p.Median);
            Restore(codes, header, 4, p.High);
            p.SmoothAgain();
            tables.Metrics[m] = new SeriesTables(p, header[0], header[1], header[2], header[3]);
        }

        var cross = MemoryMarshal.Cast<byte, Half>(_bytes.AsSpan(Metrics * MetricBytes));
        for (var i = 0; i < cross.Length; i++)
            tables.Cross[i] = (float)cross[i];
    }

    private static void Quantize(ReadOnlySpan<float> values, Span<ushort> codes, out float low, out float step)
    {
        var high = float.NegativeInfinity;
        low = float.PositiveInfinity;
        foreach (var v in values)
            (low, high) = (Math.Min(low, v), Math.Max(high, v));
        step = (float)(((double)high - low) / ushort.MaxValue);
        var inverse = step > 0 ? 1.0 / step : 0;
        for (var i = 0; i < values.Length; i++)
            codes[i] = (ushort)Math.Clamp(Math.Round(((double)values[i] - low) * inverse), 0, ushort.MaxValue);
    }

    private static ReadOnlySpan<ushort> Restore(ReadOnlySpan<ushort> codes, ReadOnlySpan<float> header, int table, float[] values)
    {
        var (low, step) = (header[Scalars + (2 * table)], header[Scalars + (2 * table) + 1]);
        for (var i = 0; i < values.Length; i++)
            values[i] = low + (step * codes[i]);
        return codes[values.Length..];
    }
}
