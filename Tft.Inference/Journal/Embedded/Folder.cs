using System.Runtime.InteropServices;

namespace Tft.Inference.Journal.Embedded;

/// <summary>What a folder's entries need to be durable.</summary>
internal static partial class Folder
{
    private const int ReadOnly = 0;

    /// <summary>Brings new, renamed and deleted names to the disk; Windows does it by itself.</summary>
    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
            throw new IOException($"The folder {path} can't be opened (errno {Marshal.GetLastPInvokeError()}).");
        var failed = Fsync(descriptor) != 0;
        _ = Close(descriptor);
        if (failed)
            throw new IOException($"The folder {path} can't be synchronised.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
