using System.Diagnostics;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Feed;

/// <summary>A file system of a few kilobytes mounted on a folder; skips the test where that is not allowed.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    public static async Task<SmallDisk> MountAsync(string folder, int kilobytes)
    {
        var mount = SkipUnless.Program("mount");
        SkipUnless.True(Environment.UserName == "root", "only root may mount a small disk");
        using var process = Process.Start(new ProcessStartInfo(mount, ["-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", folder]) { RedirectStandardError = true })!;
        await process.WaitForExitAsync().DefaultTimeout();
        SkipUnless.True(process.ExitCode == 0, "a small disk can't be mounted here");
        return new SmallDisk(folder);
    }

    public void Dispose()
    {
        using var process = Process.Start("umount", ["-l", _folder]);
        process.WaitForExit(Eventually.Timeout);
    }
}
