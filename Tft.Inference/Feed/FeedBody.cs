using System.IO.Compression;
using Tft.Contract.Problems;
using Tft.Contract.Records;

namespace Tft.Inference.Feed;

/// <summary>Reads a request's body into one piece, no further than the limit, gzip unpacked.</summary>
internal static class FeedBody
{
    /// <summary>Null, or why it was not taken.</summary>
    public static ValueTask<Problem?> ReadAsync(HttpRequest request, FeedWork work, CancellationToken cancellationToken)
    {
        if (request.ContentLength > RecordRules.MaxBytes)
            return ValueTask.FromResult<Problem?>(Problem.TooLarge());
        var encoding = request.Headers.ContentEncoding;
        if (encoding.Count == 0 || (encoding.Count == 1 && string.Equals(encoding[0], "identity", StringComparison.OrdinalIgnoreCase)))
            return ReadPlainAsync(request, work, cancellationToken);
        return encoding.Count == 1 && string.Equals(encoding[0], "gzip", StringComparison.OrdinalIgnoreCase)
            ? ReadGzipAsync(request, work, cancellationToken)
            : ValueTask.FromResult<Problem?>(Problem.NotJson(1, 1, "the content encoding is none of gzip and identity."));
    }

    private static async ValueTask<Problem?> ReadPlainAsync(HttpRequest request, FeedWork work, CancellationToken cancellationToken)
    {
        if (request.ContentLength is { } length)
            work.EnsureBody((int)length);
        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var tooLarge = work.BodyLength + result.Buffer.Length > RecordRules.MaxBytes;
            if (!tooLarge)
                work.Append(result.Buffer);
            reader.AdvanceTo(result.Buffer.End);
            if (tooLarge)
                return Problem.TooLarge();
            if (result.IsCompleted)
                return null;
        }
    }

    private static async ValueTask<Problem?> ReadGzipAsync(HttpRequest request, FeedWork work, CancellationToken cancellationToken)
    {
        await using var plain = new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true);
        var buffer = new byte[64 * 1024];
        try
        {
            while (await plain.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                // a small body may hold gigabytes: what is unpacked counts
                if (work.BodyLength + read > RecordRules.MaxBytes)
                    return Problem.TooLarge();
                work.Append(new System.Buffers.ReadOnlySequence<byte>(buffer.AsMemory(0, read)));
            }

            return null;
        }
        catch (InvalidDataException)
        {
            return Problem.NotJson(1, 1, "the body is not gzip.");
        }
    }
}
