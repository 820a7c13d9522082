using System.Buffers.Binary;

namespace Tft.Tests.Infrastructure;

/// <summary>A protobuf message field by field, in the order given; independent of the code under test.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<byte> _bytes = [];

    public ProtobufMessage Varint(uint field, ulong value) => Raw(field << 3).Raw(value);

    public ProtobufMessage Bytes(uint field, byte[] bytes)
    {
        Raw((field << 3) | 2).Raw((ulong)bytes.Length);
        _bytes.AddRange(bytes);
        return this;
    }

    public ProtobufMessage Fixed64(uint field, ulong value)
    {
        Raw((field << 3) | 1);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];

    private ProtobufMessage Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
        return this;
    }
}
