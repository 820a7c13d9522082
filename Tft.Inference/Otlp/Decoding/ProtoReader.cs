using System.Buffers.Binary;

namespace Tft.Inference.Otlp.Decoding;

/// <summary>
/// Fields of one protobuf message, in the order of the wire; never reads beyond its span.
/// Source: protobuf.dev, "Encoding". Groups are refused: no message of OTLP has them.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    /// <summary>Field number and wire type as they stand on the wire: number * 8 + type.</summary>
    public uint Tag { get; private set; }

    /// <summary>Tag of a length-delimited field (string, bytes, message).</summary>
    public const uint Bytes = 2;

    public const uint Varint = 0;

    public const uint Fixed64 = 1;

    private const uint Fixed32 = 5;

    /// <summary>Goes to the next field, which must then be read or skipped; false at the end.</summary>
    public bool Next()
    {
        if (_at == _message.Length)
            return false;
        var tag = ReadVarint();
        if (tag is < 8 or > uint.MaxValue)
            throw new OtlpFaultException($"byte {_at}: {tag} is no field tag of protobuf.");
        Tag = (uint)tag;
        return true;
    }

    public ulong ReadVarint()
    {
        var value = 0ul;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at == _message.Length)
                throw new OtlpFaultException("a message ends within a number.");
            var next = _message[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new OtlpFaultException("a number of more than 10 bytes.");
    }

    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>String, bytes or message; a length beyond the enclosing message is refused.</summary>
    public ReadOnlySpan<byte> ReadBytes() => Take(ReadVarint());

    public void Skip()
    {
        switch (Tag & 7)
        {
            case Varint: _ = ReadVarint(); break;
            case Fixed64: _ = Take(8); break;
            case Bytes: _ = ReadBytes(); break;
            case Fixed32: _ = Take(4); break;
            default: throw new OtlpFaultException($"wire type {Tag & 7} of field {Tag >> 3}.");
        }
    }

    private ReadOnlySpan<byte> Take(ulong bytes)
    {
        if (bytes > (ulong)(_message.Length - _at))
            throw new OtlpFaultException($"a field {Tag >> 3} of {bytes} bytes where only {_message.Length - _at} are left.");
        var taken = _message.Slice(_at, (int)bytes);
        _at += (int)bytes;
        return taken;
    }
}
