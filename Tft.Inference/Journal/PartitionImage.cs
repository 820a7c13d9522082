using System.Buffers.Binary;
using Tft.Inference.Windows;

namespace Tft.Inference.Journal;

/// <summary>
/// The snapshot of a partition: <c>u32 magic | u16 version | u16 partition | i64 covered | i32 servers | servers, each with its length | u32 CRC-32C</c>.
/// Each server stands at its own position in the log, at or after <c>covered</c>, so that no writer has to wait for a snapshot.
/// </summary>
internal static class PartitionImage
{
    private const int Magic = 0x57544654;
    private const ushort Version = 1;
    private const int HeaderLength = 20;
    private const int CountAt = 16;

    /// <summary>Writes all servers of a partition.</summary>
    /// <param name="windows">Read beside the writer.</param>
    /// <param name="partition">Which one.</param>
    /// <param name="covered">Sequence number applied before this call.</param>
    /// <param name="image">Is started anew.</param>
    public static int Write(FleetWindows windows, int partition, long covered, ImageWriter image)
    {
        image.CutTo(0);
        image.Int32(Magic);
        image.UInt16(Version);
        image.UInt16((ushort)partition);
        image.Int64(covered);
        image.Int32(0);
        var servers = 0;
        for (var server = 0; server < windows.Count; server++)
        {
            if (Partitions.Of(windows.Names.Utf8(server)) == partition && windows.Export(server, image))
                servers++;
        }

        image.PatchInt32(CountAt, servers);
        image.UInt32(Crc32C.Compute(image.Written.Span));
        return servers;
    }

    /// <exception cref="InvalidDataException">The image is damaged, or of another version.</exception>
    public static void Read(FleetWindows windows, ReadOnlySpan<byte> image)
    {
        if (image.Length < HeaderLength + sizeof(uint)
            || Crc32C.Compute(image[..^sizeof(uint)]) != BinaryPrimitives.ReadUInt32LittleEndian(image[^sizeof(uint)..]))
            throw new InvalidDataException("The snapshot is damaged: its checksum does not hold.");
        var reader = new ImageReader(image[..^sizeof(uint)]);
        if (reader.Int32() != Magic || reader.UInt16() is var version && version != Version)
            throw new InvalidDataException("The snapshot is of another version.");
        _ = reader.UInt16();
        _ = reader.Int64();
        var servers = reader.Int32();
        for (var i = 0; i < servers; i++)
            windows.Import(ref reader);
    }
}
