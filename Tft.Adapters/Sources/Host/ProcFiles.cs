namespace Tft.Adapters.Sources.Host;

/// <summary>Reads below /proc, or below a folder that stands for it. A file that is not there, as in many containers, is null.</summary>
internal sealed class ProcFiles(string root)
{
    public string Root => root;

    public string? Read(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process ended between listing and reading, or the container hides the file.
            return null;
        }
    }

    public IEnumerable<int> Processes()
    {
        IEnumerable<string> folders;
        try
        {
            folders = Directory.EnumerateDirectories(root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break;
        }

        foreach (var folder in folders)
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), out var pid))
                yield return pid;
        }
    }
}
