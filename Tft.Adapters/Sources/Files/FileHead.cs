using System.Security.Cryptography;

namespace Tft.Adapters.Sources.Files;

/// <summary>Tells files apart by how they begin: names move when logs are rotated, beginnings do not.</summary>
internal static class FileHead
{
    private const int MostBytes = 1024;

    /// <summary>Hash of what has been read of the file, at most its first kilobyte.</summary>
    public static (string Hash, int Length) Of(FileStream file, long read)
    {
        var length = (int)Math.Min(read, MostBytes);
        return (Hash(file, length) ?? "", length);
    }

    /// <summary>Whether the file is the one that the position was taken in.</summary>
    public static bool IsSame(FileStream file, FilePosition position) =>
        file.Length >= position.Offset && Hash(file, position.HeadLength) == position.Head;

    private static string? Hash(FileStream file, int length)
    {
        Span<byte> bytes = stackalloc byte[length];
        file.Seek(0, SeekOrigin.Begin);
        return file.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length ? null : Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
