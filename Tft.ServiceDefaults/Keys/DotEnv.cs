using Tft.ServiceDefaults.Hosting;

namespace Tft.ServiceDefaults.Keys;

/// <summary>
/// The file <c>.env</c>: lines NAME=VALUE, <c>#</c> comments, quotes allowed. Read as data: nothing in it is expanded or run.
/// Files that this class writes are readable by their owner alone (mode 600).
/// </summary>
public static class DotEnv
{
    public const string FileName = ".env";

    private const int MaxBytes = 64 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    /// <summary>NAME=VALUE pairs of a text; a later one wins; a line that is not one is passed over.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var raw in text.AsSpan().TrimStart('\uFEFF').EnumerateLines())
        {
            var line = raw.Trim();
            if (line.StartsWith("export ", StringComparison.Ordinal)) line = line[7..].TrimStart();
            var equals = line.IndexOf('=');
            if (equals <= 0) continue;

            var name = line[..equals].TrimEnd();
            if (IsName(name)) pairs[name.ToString()] = ParseValue(line[(equals + 1)..].Trim());
        }

        return pairs;
    }

    /// <summary>
    /// The nearest <c>.env</c> from a folder upwards that has the name. In a checkout its root is the last folder looked at;
    /// outside, where anybody's folder may lie above, a file that others may write to is passed over.
    /// </summary>
    public static (string Path, string Value)? FindUpwards(string folder, string name)
    {
        var root = SolutionRoot.Find(folder);
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, FileName);
            if ((root is not null || IsOurs(path)) && Read(path).TryGetValue(name, out var value) && value.Length > 0) return (path, value);
            if (at.FullName == root) return null;
        }

        return null;
    }

    /// <summary>Where a new file belongs: the root of the checkout around the folder, else the folder itself.</summary>
    public static string DefaultPath(string folder) => Path.Combine(SolutionRoot.Find(folder) ?? folder, FileName);

    /// <summary>Adds NAME=VALUE unless the file has the name; returns the value that stands, also when another process was first.</summary>
    /// <exception cref="IOException">The file cannot be written, or others may write to it.</exception>
    public static string WriteIfAbsent(string path, string name, string value)
    {
        if (File.Exists(path) && !IsOurs(path) && SolutionRoot.Find(Path.GetDirectoryName(path)!) is null)
            throw new IOException($"{path}: others may write to this file; make it readable by its owner alone (chmod 600).");

        using var stream = OpenAlone(path);
        if (stream.Length > MaxBytes) throw new IOException($"{path}: too large to be a file of settings.");
        var text = ReadText(stream);
        if (Parse(text).TryGetValue(name, out var standing) && standing.Length > 0) return standing;

        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(stream.SafeFileHandle, OwnerOnly);
        stream.Seek(0, SeekOrigin.End);
        var separator = text.Length == 0 || text.EndsWith('\n') ? "" : "\n";
        stream.Write(System.Text.Encoding.UTF8.GetBytes($"{separator}{name}={value}\n"));
        stream.Flush(flushToDisk: true);
        return value;
    }

    private static IReadOnlyDictionary<string, string> Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Parse(ReadText(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not readable by this user, or another process is writing it: the same as not there.
            return new Dictionary<string, string>();
        }
    }

    /// <summary>The whole text; a file that is too large to be a settings file is empty.</summary>
    private static string ReadText(FileStream stream)
    {
        if (stream.Length > MaxBytes) return "";
        using var reader = new StreamReader(stream, leaveOpen: true);
        return reader.ReadToEnd();
    }

    private static FileStream OpenAlone(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException) when (attempt < 100 && File.Exists(path))
            {
                // Another process of ours is writing its key at this moment. No file system tells when a file is let go, and settings are read
                // before anything could be awaited.
                Thread.Sleep(LockPause);
            }
        }
    }

    private static bool IsOurs(string path)
        => File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & UnixFileMode.OtherWrite) == 0);

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;

        return !char.IsAsciiDigit(name[0]);
    }

    /// <summary>Quoted: what is between the quotes; bare: up to a comment.</summary>
    private static string ParseValue(ReadOnlySpan<char> value)
    {
        if (value.Length > 0 && value[0] is '"' or '\'')
        {
            var close = value[1..].IndexOf(value[0]);
            return close < 0 ? "" : value.Slice(1, close).ToString();
        }

        var comment = value.IndexOf(" #");
        return (comment < 0 ? value : value[..comment].TrimEnd()).ToString();
    }
}
