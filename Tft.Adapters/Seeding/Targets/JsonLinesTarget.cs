using System.Buffers;
using System.Text;
using System.Text.Json;
using Tft.Adapters.Sources;
using Tft.Contract.Records;

namespace Tft.Adapters.Seeding.Targets;

/// <summary>A file of JSON lines that grows, as the source <c>files</c> follows it.</summary>
internal sealed class JsonLinesTarget(string path) : ISeedTarget
{
    /// <summary>Far more than a line has.</summary>
    private const int Tail = 8192;

    public Task PrepareAsync(CancellationToken cancellationToken) => TryAsync(() =>
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        return Task.FromResult(true);
    });

    /// <summary>The time of the last line; a line that a kill cut off is taken away first.</summary>
    public Task<DateTimeOffset?> NewestAsync(DateTimeOffset now, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        if (!File.Exists(path))
            return (DateTimeOffset?)null;
        await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var start = Math.Max(0, file.Length - Tail);
        file.Position = start;
        var bytes = new byte[file.Length - start];
        await file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        var end = bytes.AsSpan().LastIndexOf((byte)'\n');
        if (end < 0 && start > 0)
            throw new SourceException($"{path} does not end in lines of JSON: is it another file?") { Status = 400 };
        if (end + 1 < bytes.Length)
            file.SetLength(start + end + 1);
        if (end < 0)
            return null;
        var line = Encoding.UTF8.GetString(bytes.AsSpan(0, end)).Split('\n')[^1];
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("timestamp").GetDateTimeOffset();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SourceException($"{path} does not end in lines of JSON with a timestamp: is it another file?", e) { Status = 400 };
        }
    });

    public Task WriteAsync(IReadOnlyList<MetricRecord> samples, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        var buffer = new ArrayBufferWriter<byte>(samples.Count * 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            foreach (var sample in samples)
            {
                MetricRecordJson.Write(json, sample);
                json.Flush();
                buffer.Write("\n"u8);
                json.Reset();
            }
        }

        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await file.WriteAsync(buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
        return true;
    });

    public ValueTask DisposeAsync() => default;

    private static async Task<T> TryAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(e.Message, e) { Status = 400 };
        }
    }
}
