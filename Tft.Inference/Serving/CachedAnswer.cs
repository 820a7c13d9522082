using System.IO.Compression;

namespace Tft.Inference.Serving;

/// <summary>A finished JSON answer with its compressed variants, each made at most once.</summary>
internal sealed class CachedAnswer(long snapshot, byte[] json)
{
    /// <summary>Above this a variant is made for speed, below it for size.</summary>
    private const int LargeBytes = 256 * 1024;

    /// <summary>Not worth compressing below this.</summary>
    private const int SmallBytes = 1024;

    private byte[]? _brotli;
    private byte[]? _gzip;

    /// <summary>The snapshot that it was made from.</summary>
    public long Snapshot => snapshot;

    public long Bytes => json.Length + (_brotli?.Length ?? 0) + (_gzip?.Length ?? 0);

    /// <summary>The body for what a client accepts, and the value of Content-Encoding (null for identity).</summary>
    public (byte[] Body, string? Encoding) For(string? acceptEncoding)
    {
        if (json.Length < SmallBytes || string.IsNullOrEmpty(acceptEncoding))
            return (json, null);
        if (Accepts(acceptEncoding, "br"))
            return (_brotli ??= Compress(static (stream, level) => new BrotliStream(stream, level)), "br");
        return Accepts(acceptEncoding, "gzip")
            ? (_gzip ??= Compress(static (stream, level) => new GZipStream(stream, level)), "gzip")
            : (json, null);
    }

    /// <summary>True when the header names the coding without a weight of zero.</summary>
    internal static bool Accepts(string acceptEncoding, string coding)
    {
        foreach (var range in acceptEncoding.AsSpan().Split(','))
        {
            var item = acceptEncoding.AsSpan()[range].Trim();
            var end = item.IndexOf(';');
            var name = end < 0 ? item : item[..end].TrimEnd();
            if (!name.Equals(coding, StringComparison.OrdinalIgnoreCase))
                continue;
            if (end < 0)
                return true;
            var weight = item[(end + 1)..].Trim();
            return !(weight.StartsWith("q=0", StringComparison.OrdinalIgnoreCase) && weight[3..].IndexOfAnyInRange('1', '9') < 0);
        }

        return false;
    }

    private byte[] Compress(Func<Stream, CompressionLevel, Stream> open)
    {
        using var target = new MemoryStream(json.Length / 4);
        using (var stream = open(target, json.Length > LargeBytes ? CompressionLevel.Fastest : CompressionLevel.Optimal))
            stream.Write(json);
        return target.ToArray();
    }
}
