namespace Tft.ServiceDefaults.Hosting;

/// <summary>The folder of Tft.sln around a folder: services that run from a checkout share what lies there.</summary>
public static class SolutionRoot
{
    /// <returns>Null for a service that was installed somewhere.</returns>
    public static string? Find(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Tft.sln"))) return at.FullName;

        return null;
    }
}
