using System.Security.Cryptography;
using System.Text;

namespace Tft.AppHost;

/// <summary>The file <c>.env</c> with the line <c>TFT_API_KEY=...</c>, readable by its owner alone.</summary>
internal static class ApiKeyFile
{
    public const string FileName = ".env";
    private const string Variable = "TFT_API_KEY";

    /// <summary>The key of the file; a missing file is created, a missing line is added to the others.</summary>
    public static string ReadOrCreate(string directory)
    {
        var file = Path.Combine(directory, FileName);
        if (Read(file) is { } known)
            return known;

        // 32 bytes, in characters that need no quoting anywhere
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        var needsLineEnd = stream.Length > 0 && !EndsLine(stream);
        stream.Seek(0, SeekOrigin.End);
        stream.Write(Encoding.UTF8.GetBytes($"{(needsLineEnd ? "\n" : "")}{Variable}={key}\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(stream.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return key;
    }

    private static string? Read(string file) => !File.Exists(file) ? null : File.ReadLines(file)
        .Select(line => line.Trim())
        .Where(line => line.StartsWith($"{Variable}=", StringComparison.Ordinal))
        .Select(line => line[(Variable.Length + 1)..].Trim().Trim('"', '\''))
        .FirstOrDefault(key => key.Length > 0);

    private static bool EndsLine(FileStream stream)
    {
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }
}
