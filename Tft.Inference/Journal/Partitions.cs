namespace Tft.Inference.Journal;

/// <summary>The fleet in 64 parts, by a hash of the server's name that never changes: logs and snapshots are kept by it.</summary>
internal static class Partitions
{
    public const int Count = 64;

    public static int Of(ReadOnlySpan<byte> name) => (int)(Crc32C.Compute(name) % Count);
}
