using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tft.Contract.Metrics;
using Tft.Inference.Journal;

namespace Tft.Inference.Forecasts.Past;

/// <summary>
/// What a server's forecast of one step said at four leads, as a file keeps it: <c>u32 CRC-32C of step and body | 14 x (f32 anchor, 4 x 3 halves)</c>. The halves are
/// relative to the first p50, the anchor, so that a narrow band at a high level stays exact.
/// </summary>
internal static class ForecastRecord
{
    public const int Bytes = HeaderBytes + (MetricCatalog.Count * MetricBytes);
    private const int HeaderBytes = sizeof(uint);
    private const int MetricBytes = sizeof(float) + (PastLeads.Count * ForecastShape.Quantiles * 2);

    /// <summary>Writes a forecast.</summary>
    /// <param name="origin">Last closed step.</param>
    /// <param name="quantiles">[96 x 14 x 3].</param>
    /// <param name="to">Takes <see cref="Bytes"/>.</param>
    public static void Write(long origin, ReadOnlySpan<float> quantiles, Span<byte> to)
    {
        for (var metric = 0; metric < MetricCatalog.Count; metric++)
        {
            var place = to.Slice(HeaderBytes + (metric * MetricBytes), MetricBytes);
            var anchor = quantiles[ForecastShape.At(PastLeads.Steps[0] - 1, metric) + 1];
            MemoryMarshal.Write(place, anchor);
            var halves = MemoryMarshal.Cast<byte, Half>(place[sizeof(float)..]);
            for (var lead = 0; lead < PastLeads.Count; lead++)
            {
                var at = ForecastShape.At(PastLeads.Steps[lead] - 1, metric);
                for (var q = 0; q < ForecastShape.Quantiles; q++)
                    halves[(lead * ForecastShape.Quantiles) + q] = (Half)(quantiles[at + q] - anchor) is var half && Half.IsFinite(half) ? half : Half.NaN;
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(to, Check(origin, to));
    }

    /// <summary>False for bytes that nothing was written to, or that are damaged.</summary>
    public static bool IsSound(long origin, ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt32LittleEndian(record) == Check(origin, record);

    /// <summary>What a sound record says; NaN members where the metric was not forecast.</summary>
    public static PastBand Read(ReadOnlySpan<byte> record, int lead, Metric metric)
    {
        var place = record.Slice(HeaderBytes + ((int)metric * MetricBytes), MetricBytes);
        var anchor = MemoryMarshal.Read<float>(place);
        var halves = MemoryMarshal.Cast<byte, Half>(place[sizeof(float)..]).Slice(lead * ForecastShape.Quantiles, ForecastShape.Quantiles);
        var (low, middle, high) = ((float)halves[0], (float)halves[1], (float)halves[2]);
        return new(anchor + low, anchor + middle, anchor + high, (Math.Max(Math.Abs(low), Math.Abs(high)) / 2048) + (Math.Abs(anchor) * 1e-6f));
    }

    private static uint Check(long origin, ReadOnlySpan<byte> record) => Crc32C.Compute(record[HeaderBytes..Bytes], (uint)origin);
}

/// <summary>A band that had been forecast.</summary>
/// <param name="P10">Lower edge.</param>
/// <param name="P50">Middle.</param>
/// <param name="P90">Upper edge.</param>
/// <param name="Slack">How far keeping it may have moved an edge.</param>
internal readonly record struct PastBand(float P10, float P50, float P90, float Slack)
{
    public bool IsKnown => !float.IsNaN(P50);

    public bool Covers(float value) => value >= P10 - Slack && value <= P90 + Slack;
}
