namespace Tft.ServiceDefaults.Files;

/// <summary>Writes a file whole or not at all: a temporary beside it, flushed to the disk, then renamed over the old one.</summary>
public static class AtomicFile
{
    /// <exception cref="IOException">The file could not be written; the one that was there is untouched.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = path + ".tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (IOException)
        {
            // half a file must not take the room that others need
            File.Delete(temporary);
            throw;
        }
    }
}
