using System.Text.Json;
using Tft.ServiceDefaults.Files;

namespace Tft.Adapters.Cursors;

/// <summary>The durable cursor of one source. Moved only after an acknowledgement, so that a kill repeats rows but loses none.</summary>
internal sealed class CursorFile(string path, string source)
{
    public string Path => path;

    /// <summary>The kept cursor; null on first contact.</summary>
    /// <exception cref="CursorException">
    /// The file can't be understood or is another source's. Starting over silently could skip or repeat a day, so a person decides.
    /// </exception>
    public SourceCursor? Load()
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        SourceCursor? cursor;
        try
        {
            cursor = JsonSerializer.Deserialize(bytes, CursorJson.Default.SourceCursor);
        }
        catch (JsonException e)
        {
            throw new CursorException($"The cursor file {path} is damaged ({e.Message}). Delete it to begin with a back-fill of 25 h (what the service already has is not counted twice), or repair it.", e);
        }

        if (cursor is null || cursor.Source != source)
            throw new CursorException($"The cursor file {path} belongs to the source '{cursor?.Source}', not to '{source}'. Give this adapter another name or data directory.");
        return cursor;
    }

    public void Save(SourceCursor cursor) =>
        AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(cursor, CursorJson.Default.SourceCursor));
}

/// <summary>The cursor can't be trusted.</summary>
internal sealed class CursorException(string message, Exception? inner = null) : Exception(message, inner);
