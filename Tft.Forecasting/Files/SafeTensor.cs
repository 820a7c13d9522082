using System.Runtime.InteropServices;

namespace Tft.Forecasting.Files;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">F32 or I64.</param>
/// <param name="Shape">Row-major shape.</param>
/// <param name="Bytes">Little-endian elements.</param>
public sealed record SafeTensor(string Name, string Type, int[] Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The elements of an F32 tensor.</summary>
    /// <exception cref="InvalidDataException">It is of another type.</exception>
    public ReadOnlySpan<float> Floats => Type == "F32" ? MemoryMarshal.Cast<byte, float>(Bytes.Span) : throw Wrong("F32");

    /// <summary>The elements of an I64 tensor.</summary>
    /// <exception cref="InvalidDataException">It is of another type.</exception>
    public ReadOnlySpan<long> Integers => Type == "I64" ? MemoryMarshal.Cast<byte, long>(Bytes.Span) : throw Wrong("I64");

    /// <summary>An F32 tensor of the given floats, copied.</summary>
    public static SafeTensor Of(string name, int[] shape, ReadOnlySpan<float> floats) => new(name, "F32", shape, MemoryMarshal.AsBytes(floats).ToArray());

    /// <summary>An I64 tensor of the given integers, copied.</summary>
    public static SafeTensor Of(string name, int[] shape, ReadOnlySpan<long> integers) => new(name, "I64", shape, MemoryMarshal.AsBytes(integers).ToArray());

    private InvalidDataException Wrong(string wanted) => new($"tensor '{Name}' is {Type}, not {wanted}");
}
