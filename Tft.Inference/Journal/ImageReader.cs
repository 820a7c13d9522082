using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tft.Inference.Journal;

/// <summary>Reads what <see cref="ImageWriter"/> wrote.</summary>
/// <exception cref="InvalidDataException">The image ends too early.</exception>
internal ref struct ImageReader(ReadOnlySpan<byte> image)
{
    private ReadOnlySpan<byte> _left = image;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Bytes(int length) => Take(length);

    public void Raw<T>(Span<T> values)
        where T : unmanaged => Take(MemoryMarshal.AsBytes(values).Length).CopyTo(MemoryMarshal.AsBytes(values));

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if ((uint)bytes > (uint)_left.Length)
            throw new InvalidDataException("A snapshot ends within a field.");
        var taken = _left[..bytes];
        _left = _left[bytes..];
        return taken;
    }
}
