using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tft.Inference.Journal;

/// <summary>A growing buffer of little-endian fields that can be cut back to a mark.</summary>
internal sealed class ImageWriter
{
    private byte[] _buffer = new byte[64 * 1024];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    /// <summary>Forgets what was written from here on.</summary>
    public void CutTo(int length) => Length = length;

    public void Byte(byte value) => Take(1)[0] = value;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>Numbers as they lie in memory, on the little-endian machines that .NET runs on.</summary>
    public void Raw<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Bytes(MemoryMarshal.AsBytes(values));

    /// <summary>Overwrites an Int32 written before.</summary>
    public void PatchInt32(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(at), value);

    private Span<byte> Take(int bytes)
    {
        if (_buffer.Length - Length < bytes)
            Array.Resize(ref _buffer, Math.Max(Length + bytes, _buffer.Length * 2));
        Length += bytes;
        return _buffer.AsSpan(Length - bytes, bytes);
    }
}
