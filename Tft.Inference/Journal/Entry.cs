using System.Buffers.Binary;

namespace Tft.Inference.Journal;

/// <summary>
/// What the journal keeps of a batch, and what the windows are built from, live and in replay alike. Little endian, version 1:
/// <code>
/// u8 version | u8 kind | u16 source length | u32 records | u64 sequence | i64 arrival, Unix ms | source, UTF-8 | records
/// record: u16 index in its batch | u16 name length | u32 Unix seconds | u8 state | u8 profile, 255: none | u16 metrics present | name, UTF-8 | f32 each metric present
/// </code>
/// Bit 15 of "metrics present" marks a record that was refused before it came to the journal: it only keeps its place.
/// </summary>
internal static class Entry
{
    public const byte Version = 1;
    public const int HeaderLength = 24;
    public const int RecordHeaderLength = 12;
    public const ushort Refused = 1 << 15;
    public const byte NoProfile = 255;

    /// <summary>Records of a batch.</summary>
    public const byte Samples = 1;

    /// <summary>A server that was silent too long and is dropped: one record with only a name.</summary>
    public const byte Retire = 2;

    /// <summary>Nothing: takes a sequence number, so that a late append with an older one is refused.</summary>
    public const byte Fence = 3;

    public static byte Kind(ReadOnlySpan<byte> entry) => entry[1];

    public static int Count(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt32LittleEndian(entry[4..]);

    public static long Sequence(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt64LittleEndian(entry[8..]);

    public static void SetSequence(Span<byte> entry, long sequence) => BinaryPrimitives.WriteInt64LittleEndian(entry[8..], sequence);

    public static long ArrivalMs(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt64LittleEndian(entry[16..]);

    public static ReadOnlySpan<byte> Source(ReadOnlySpan<byte> entry) => entry.Slice(HeaderLength, SourceLength(entry));

    public static EntryRecords Records(ReadOnlySpan<byte> entry) => new(entry, HeaderLength + SourceLength(entry), Count(entry));

    private static int SourceLength(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]);
}
