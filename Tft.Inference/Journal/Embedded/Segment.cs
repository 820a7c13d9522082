using System.Buffers.Binary;
using System.Globalization;

namespace Tft.Inference.Journal.Embedded;

/// <summary>
/// The format of a segment file: <c>"TFTLOG1\n" | i64 first sequence</c>, then frames <c>u32 magic | u32 length | u32 CRC-32C of length and entry | entry</c>.
/// </summary>
internal static class Segment
{
    public const int HeaderLength = 16;
    public const int FrameHeaderLength = 12;
    private const string Prefix = "log-";
    private const string Suffix = ".tft";

    private static ReadOnlySpan<byte> Magic => "TFTLOG1\n"u8;

    private static ReadOnlySpan<byte> FrameMagic => "TFTE"u8;

    public static string Name(long firstSequence) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{firstSequence:D19}{Suffix}");

    /// <summary>First sequence numbers of the segments of a folder, oldest first.</summary>
    public static List<(long First, string Path)> List(string folder)
    {
        List<(long, string)> segments = [];
        foreach (var path in Directory.EnumerateFiles(folder, Prefix + "*" + Suffix))
        {
            var name = Path.GetFileName(path.AsSpan())[Prefix.Length..^Suffix.Length];
            if (long.TryParse(name, CultureInfo.InvariantCulture, out var first))
                segments.Add((first, path));
        }

        segments.Sort();
        return segments;
    }

    public static byte[] Header(long firstSequence)
    {
        var header = new byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(Magic.Length), firstSequence);
        return header;
    }

    public static void WriteFrameHeader(Span<byte> header, ReadOnlySpan<byte> entry)
    {
        FrameMagic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], entry.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Crc32C.Compute(entry, (uint)entry.Length));
    }

    /// <summary>
    /// Goes through the frames of a segment. What does not hold its checksum is passed over to the next frame that does; where none follows,
    /// it is the tail of a write that never ended.
    /// </summary>
    /// <returns>Where the sound part ends, and how many bytes within it were damaged.</returns>
    public static (int End, int Damaged) Scan(ReadOnlySpan<byte> file, Action<ReadOnlySpan<byte>> onEntry)
    {
        if (!file.StartsWith(Magic) || file.Length < HeaderLength)
            return (0, 0);
        var at = HeaderLength;
        var damaged = 0;
        while (at < file.Length)
        {
            if (TryFrame(file[at..], out var entry))
            {
                onEntry(entry);
                at += FrameHeaderLength + entry.Length;
                continue;
            }

            var next = NextFrame(file, at + 1);
            if (next < 0)
                break;
            damaged += next - at;
            at = next;
        }

        return (at, damaged);
    }

    private static int NextFrame(ReadOnlySpan<byte> file, int from)
    {
        while (from < file.Length && file[from..].IndexOf(FrameMagic) is >= 0 and var found)
        {
            if (TryFrame(file[(from + found)..], out _))
                return from + found;
            from += found + 1;
        }

        return -1;
    }

    private static bool TryFrame(ReadOnlySpan<byte> at, out ReadOnlySpan<byte> entry)
    {
        entry = default;
        if (at.Length < FrameHeaderLength || !at.StartsWith(FrameMagic))
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(at[4..]);
        if (length < Entry.HeaderLength || length > at.Length - FrameHeaderLength)
            return false;
        entry = at.Slice(FrameHeaderLength, length);
        return Crc32C.Compute(entry, (uint)length) == BinaryPrimitives.ReadUInt32LittleEndian(at[8..]);
    }
}
