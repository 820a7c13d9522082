namespace Tft.ServiceDefaults.Hosting;

/// <summary>Programs of this machine.</summary>
public static class ProgramPath
{
    /// <summary>The full path of a program on PATH, or null.</summary>
    /// <param name="program">Its bare name; on Windows without <c>.exe</c>.</param>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);
}
