namespace Tft.Forecasting.Files;

/// <summary>Replaces a file whole or not at all: written beside it, flushed to the disk, then renamed over it.</summary>
internal static class AtomicFile
{
    /// <exception cref="IOException">The file could not be written; the one that was there is untouched.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
