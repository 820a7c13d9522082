using System.Buffers.Binary;
using System.Text;
using Tft.Contract.Metrics;
using Tft.Inference.Journal;
using Tft.Inference.Windows;

namespace Tft.Inference.LongHistory;

/// <summary>
/// Six hours of a server as a file keeps them: <c>"TFTH" | u32 length | u32 CRC-32C of length and body | body</c>, the body being
/// <c>u8 version | u8 length of the name | i32 first step | name | 14 columns</c>.
/// </summary>
internal static class ChunkFrame
{
    public const int HeaderLength = 12;
    public const int MostBytes = HeaderLength + BodyHeader + byte.MaxValue + (MetricCatalog.Count * ChunkColumn.MostBytes);
    private const int BodyHeader = 6;
    private const byte Version = 1;

    private static ReadOnlySpan<byte> Magic => "TFTH"u8;

    /// <summary>Writes a frame; returns its length.</summary>
    public static int Write(ReadOnlySpan<byte> name, int firstStep, ReadOnlySpan<float> rows, Span<byte> to)
    {
        var body = to[HeaderLength..];
        (body[0], body[1]) = (Version, (byte)name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(body[2..], firstStep);
        name.CopyTo(body[BodyHeader..]);
        var length = BodyHeader + name.Length;
        for (var m = 0; m < MetricCatalog.Count; m++)
            length += ChunkColumn.Write(rows, m, body[length..]);
        Magic.CopyTo(to);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], length);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], Crc32C.Compute(body[..length], (uint)length));
        return HeaderLength + length;
    }

    /// <summary>A sound frame at the beginning of these bytes: whose it is and how long.</summary>
    public static bool TryRead(ReadOnlySpan<byte> at, out string name, out int firstStep, out int length)
    {
        (name, firstStep, length) = ("", 0, 0);
        if (at.Length < HeaderLength + BodyHeader || !at.StartsWith(Magic))
            return false;
        var size = BinaryPrimitives.ReadInt32LittleEndian(at[4..]);
        if (size is < BodyHeader or > MostBytes || size > at.Length - HeaderLength)
            return false;
        var body = at.Slice(HeaderLength, size);
        if (Crc32C.Compute(body, (uint)size) != BinaryPrimitives.ReadUInt32LittleEndian(at[8..]) || body[0] != Version || BodyHeader + body[1] > size)
            return false;
        name = Encoding.UTF8.GetString(body.Slice(BodyHeader, body[1]));
        firstStep = BinaryPrimitives.ReadInt32LittleEndian(body[2..]);
        length = HeaderLength + size;
        return true;
    }

    /// <summary>The values of a sound frame, [14][72].</summary>
    /// <exception cref="InvalidDataException">Its columns are not what they should be.</exception>
    public static void Values(ReadOnlySpan<byte> frame, Span<float> values)
    {
        var at = HeaderLength + BodyHeader + frame[HeaderLength + 1];
        for (var m = 0; m < MetricCatalog.Count; m++)
            at += ChunkColumn.Read(frame[at..], values.Slice(m * IPastSteps.Steps, IPastSteps.Steps));
    }

    /// <summary>Goes through a file; what is not sound is passed over to the next frame that is.</summary>
    /// <returns>Where the last sound frame ends, and how many bytes before it were damaged.</returns>
    public static (int End, int Damaged) Scan(ReadOnlySpan<byte> file, Action<string, int, int, int> found)
    {
        var (at, end, damaged) = (0, 0, 0);
        while (at < file.Length)
        {
            if (TryRead(file[at..], out var name, out var firstStep, out var length))
            {
                damaged += at - end;
                found(name, firstStep, at, length);
                at = end = at + length;
                continue;
            }

            var next = file[(at + 1)..].IndexOf(Magic);
            if (next < 0)
                break;
            at += 1 + next;
        }

        return (end, damaged);
    }
}
