using System.Runtime.InteropServices;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Bands;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.State;

/// <summary>The coefficients of a server in half precision: 2,040 bytes a metric and 52 n for what the others add, 35.3 KB for 13 metrics. Immutable.</summary>
public sealed class PackedCoefficients
{
    private static readonly int s_knots = LeadKnots.Count;
    private static readonly int s_own = s_knots * ((2 * LeadFeatures.Count) + BandFeatures.Count + 1 + 3);

    private readonly byte[] _bytes;

    private PackedCoefficients(byte[] bytes, int metrics) => (_bytes, Metrics) = (bytes, metrics);

    /// <summary>Number of metrics.</summary>
    public int Metrics { get; }

    /// <summary>As it is kept in a file.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Bytes of the coefficients of so many metrics.</summary>
    public static int Size(int metrics) => metrics * (s_own + CrossLength(metrics)) * 2;

    /// <summary>Packs coefficients.</summary>
    /// <returns>Null where one is beyond half precision: a fit that failed.</returns>
    public static PackedCoefficients? Pack(LearnedSeries[] series)
    {
        var bytes = new byte[Size(series.Length)];
        var to = MemoryMarshal.Cast<byte, Half>(bytes.AsSpan());
        foreach (var s in series)
        {
            foreach (var values in new[] { s.Base, s.Squares, s.Band, s.LogUnit, s.Quantiles })
                to = Write(values, to);

            // without the others' part it adds nothing
            to = Write(s.Cross.Length > 0 ? s.Cross : new float[CrossLength(series.Length)], to);
        }

        foreach (var value in MemoryMarshal.Cast<byte, Half>(bytes.AsSpan()))
        {
            if (!Half.IsFinite(value))
                return null;
        }

        return new PackedCoefficients(bytes, series.Length);
    }

    /// <summary>Takes coefficients over that were kept in a file.</summary>
    /// <exception cref="InvalidDataException">These are not the coefficients of so many metrics.</exception>
    public static PackedCoefficients Of(ReadOnlySpan<byte> bytes, int metrics) => bytes.Length == Size(metrics)
        ? new PackedCoefficients(bytes.ToArray(), metrics)
        : throw new InvalidDataException($"The coefficients of {metrics} metrics have {bytes.Length} bytes instead of {Size(metrics)}.");

    /// <summary>Coefficients of so many metrics, to be unpacked into.</summary>
    internal static LearnedSeries[] Room(int metrics) =>
    [
        .. Enumerable.Range(0, metrics).Select(_ => new LearnedSeries(
            new float[s_knots * LeadFeatures.Count], new float[s_knots * LeadFeatures.Count], new float[CrossLength(metrics)],
            new float[s_knots * BandFeatures.Count], new float[s_knots], new float[s_knots * 3])),
    ];

    /// <summary>Unpacks into <see cref="Room"/>.</summary>
    internal void Unpack(LearnedSeries[] series)
    {
        ReadOnlySpan<Half> from = MemoryMarshal.Cast<byte, Half>(_bytes);
        foreach (var s in series)
        {
            from = Read(from, s.Base);
            from = Read(from, s.Squares);
            from = Read(from, s.Band);
            from = Read(from, s.LogUnit);
            from = Read(from, s.Quantiles);
            from = Read(from, s.Cross);
        }
    }

    private static int CrossLength(int metrics) => CrossMetrics.Knots * CrossMetrics.PerMetric * metrics;

    private static Span<Half> Write(float[] values, Span<Half> to)
    {
        for (var i = 0; i < values.Length; i++)
            to[i] = (Half)values[i];
        return to[values.Length..];
    }

    private static ReadOnlySpan<Half> Read(ReadOnlySpan<Half> from, float[] values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)from[i];
        return from[values.Length..];
    }
}
