namespace Tft.Tests.Infrastructure;

/// <summary>Processes of this machine by what they carry, where /proc tells.</summary>
public static class RunningProcesses
{
    public static void SkipIfUnknown() => SkipUnless.True(Directory.Exists("/proc/self"), "processes are found through /proc");

    /// <summary>Every process that has the text among its variables or arguments or works there, as only those of one test do.</summary>
    /// <param name="text">Such as a temporary folder's path.</param>
    /// <param name="program">A part of the command line as well; null: any.</param>
    public static List<int> Naming(string text, string? program = null)
    {
        List<int> found = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                var line = File.ReadAllText($"{folder}/cmdline");
                if (program is not null && !line.Contains(program, StringComparison.Ordinal))
                    continue;
                if (line.Contains(text, StringComparison.Ordinal)
                    || File.ReadAllText($"{folder}/environ").Contains(text, StringComparison.Ordinal)
                    || new DirectoryInfo($"{folder}/cwd").LinkTarget?.Contains(text, StringComparison.Ordinal) is true)
                {
                    found.Add(int.Parse(Path.GetFileName(folder)));
                }
            }
            catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
            {
                // ended meanwhile, or another user's
            }
        }

        return found;
    }
}
