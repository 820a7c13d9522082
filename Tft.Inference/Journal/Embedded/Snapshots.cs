using System.Globalization;

namespace Tft.Inference.Journal.Embedded;

/// <summary>Snapshot files of the partitions. A new one replaces the old in one step: temporary file, flush, rename.</summary>
internal static class Snapshots
{
    private const string Suffix = ".snapshot";

    public static void Save(string folder, int partition, ReadOnlyMemory<byte> image)
    {
        var path = PathOf(folder, partition);
        var temporary = path + ".new";
        try
        {
            using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
            {
                RandomAccess.Write(file, image.Span, 0);
                RandomAccess.FlushToDisk(file);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (IOException)
        {
            // half a snapshot must not take the room that the log needs
            File.Delete(temporary);
            throw;
        }
    }

    /// <param name="folder">Of the journal.</param>
    /// <param name="target">Takes the images.</param>
    /// <param name="onDamaged">Path and reason; the file is put aside.</param>
    public static void RestoreAll(string folder, IJournalTarget target, Action<string, string> onDamaged)
    {
        for (var partition = 0; partition < Partitions.Count; partition++)
        {
            var path = PathOf(folder, partition);
            if (!File.Exists(path))
                continue;
            try
            {
                target.Restore(File.ReadAllBytes(path));
            }
            catch (InvalidDataException e)
            {
                File.Move(path, path + ".damaged", overwrite: true);
                onDamaged(path, e.Message);
            }
        }
    }

    private static string PathOf(string folder, int partition) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"partition-{partition:D2}{Suffix}"));
}
