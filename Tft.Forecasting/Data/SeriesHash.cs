using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Tft.Forecasting.Data;

/// <summary>Tells data apart: a SHA-256 over names, metrics, places in time, fit parts and values of servers, in their order.</summary>
public static class SeriesHash
{
    /// <summary>The first 16 hexadecimal digits, which tell any two data sets of a project apart.</summary>
    public static string Of(IEnumerable<ServerSeries> servers)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[24];
        foreach (var server in servers)
        {
            Add(hash, server.Name);
            foreach (var metric in server.MetricNames)
                Add(hash, metric);
            BinaryPrimitives.WriteInt64LittleEndian(numbers, server.FirstStep);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[8..], server.FitSteps);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[16..], server.Steps);
            hash.AppendData(numbers);
            foreach (var values in server.Values)
                Add(hash, values);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static void Add(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }

    /// <summary>A gap is a gap, whatever bits its reader made it of.</summary>
    private static void Add(IncrementalHash hash, float[] values)
    {
        var same = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
            same[i] = float.IsNaN(values[i]) ? float.NaN : values[i];
        hash.AppendData(MemoryMarshal.AsBytes(same.AsSpan()));
    }
}
