using System.Buffers;
using System.Buffers.Binary;

namespace Tft.Adapters.Seeding.Targets;

/// <summary>Snappy's block format with literals alone: what remote write asks for, and nothing made smaller.</summary>
internal static class SnappyBlock
{
    private const int LargestLiteral = 1 << 16;

    /// <summary>A literal whose length less one follows in two bytes.</summary>
    private const byte TwoByteLiteral = 61 << 2;

    public static byte[] Encode(ReadOnlySpan<byte> bytes)
    {
        var block = new ArrayBufferWriter<byte>(bytes.Length + (bytes.Length / LargestLiteral * 3) + 16);
        RemoteWriteMessage.Varint(block, (ulong)bytes.Length);
        while (bytes.Length > 0)
        {
            var literal = bytes[..Math.Min(bytes.Length, LargestLiteral)];
            bytes = bytes[literal.Length..];
            block.Write([TwoByteLiteral]);
            BinaryPrimitives.WriteUInt16LittleEndian(block.GetSpan(2), (ushort)(literal.Length - 1));
            block.Advance(2);
            block.Write(literal);
        }

        return block.WrittenSpan.ToArray();
    }
}
