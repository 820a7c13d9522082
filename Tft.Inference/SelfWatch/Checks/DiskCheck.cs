using System.Globalization;

namespace Tft.Inference.SelfWatch.Checks;

/// <summary>Room where the journal and all other state lie.</summary>
/// <param name="options">Limits.</param>
/// <param name="folder">The data directory.</param>
/// <param name="space">Free and all bytes of the disk of a folder; null where it cannot be read.</param>
internal sealed class DiskCheck(SelfWatchOptions options, string folder, Func<string, (long Free, long All)?> space) : ISystemCheck
{
    private const double Giga = 1e9;

    public string Rule => "system_disk";

    public TimeSpan For => TimeSpan.FromMinutes(1);

    /// <summary>Of the file system that a folder is on.</summary>
    public static (long Free, long All)? SpaceOf(string folder)
    {
        try
        {
            var drive = new DriveInfo(Path.GetFullPath(folder));
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    public IEnumerable<SystemReading> Read(DateTimeOffset now)
    {
        if (options.DiskFree == 0 || space(folder) is not { All: > 0 } found)
            yield break;
        var share = (double)found.Free / found.All;
        yield return new SystemReading("", share < options.DiskFree, share, options.DiskFree, string.Create(
            CultureInfo.InvariantCulture,
            $"{found.Free / Giga:0.0} GB ({share:0.0 %}) are free on the disk of the data directory, less than {options.DiskFree:0.# %}; when none is left nothing more is acknowledged"));
    }
}
