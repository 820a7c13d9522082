using System.Text.Json;

namespace Tft.Adapters.Pushing;

/// <summary>
/// Batches that the service will never take, one JSON line each, for a person to look at. Bounded: when the file is full it becomes
/// FILE.1 in place of the last one, so that the newest are always kept.
/// </summary>
internal sealed class DeadLetterFile(string path, double megabytes, TimeProvider clock)
{
    private readonly long _half = (long)(megabytes * 1024 * 1024 / 2);

    public string Path => path;

    /// <summary>False where the batch alone is larger than what may be kept.</summary>
    public bool Append(int status, string? code, string? detail, ReadOnlySpan<byte> batch)
    {
        if (batch.Length > _half)
            return false;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        if (File.Exists(path) && new FileInfo(path).Length + batch.Length > _half)
            File.Move(path, path + ".1", overwrite: true);

        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            json.WriteString("at", clock.GetUtcNow());
            json.WriteNumber("status", status);
            json.WriteString("code", code);
            json.WriteString("detail", detail);
            json.WritePropertyName("batch");
            json.WriteRawValue(batch);
            json.WriteEndObject();
        }

        file.WriteByte((byte)'\n');
        return true;
    }
}
