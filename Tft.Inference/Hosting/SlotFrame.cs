using System.Buffers.Binary;
using System.Text;
using Tft.Inference.Journal;

namespace Tft.Inference.Hosting;

/// <summary>
/// What is kept of a server in its slot of a <see cref="SlotFile"/>: <c>4 letters | u32 length | u32 CRC-32C of length and body | body</c>. A body begins with
/// <c>u8 version | u8 length of the name</c>; where the name stands is the kind's own.
/// </summary>
internal static class SlotFrame
{
    public const int HeaderLength = 12;

    /// <summary>Writes the header before a body that is in place; returns the length of both.</summary>
    public static int Seal(ReadOnlySpan<byte> magic, Span<byte> slot, int bodyLength)
    {
        magic.CopyTo(slot);
        BinaryPrimitives.WriteInt32LittleEndian(slot[4..], bodyLength);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[8..], Crc32C.Compute(slot.Slice(HeaderLength, bodyLength), (uint)bodyLength));
        return HeaderLength + bodyLength;
    }

    /// <summary>Whose slot this is; false where it is nobody's. The checksum is not looked at.</summary>
    /// <param name="magic">The kind's letters.</param>
    /// <param name="head">The beginning of the slot.</param>
    /// <param name="nameAt">Where the name stands in the body.</param>
    /// <param name="name">The server.</param>
    public static bool TryOwner(ReadOnlySpan<byte> magic, ReadOnlySpan<byte> head, int nameAt, out string name)
    {
        name = "";
        var first = HeaderLength + nameAt;
        if (head.Length < first || !head.StartsWith(magic) || head.Length < first + head[HeaderLength + 1])
            return false;
        name = Encoding.UTF8.GetString(head.Slice(first, head[HeaderLength + 1]));
        return true;
    }

    /// <summary>The body of a sound slot.</summary>
    /// <exception cref="InvalidDataException">It is not sound; the text says why.</exception>
    public static ReadOnlySpan<byte> Open(ReadOnlySpan<byte> slot, int leastBody, byte version)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(slot[4..]);
        if (length < leastBody || length > slot.Length - HeaderLength)
            throw new InvalidDataException($"its length is {length}");
        var body = slot.Slice(HeaderLength, length);
        if (Crc32C.Compute(body, (uint)length) != BinaryPrimitives.ReadUInt32LittleEndian(slot[8..]))
            throw new InvalidDataException("its checksum does not hold");
        return body[0] == version ? body : throw new InvalidDataException($"its version is {body[0]}, this program knows {version}");
    }
}
