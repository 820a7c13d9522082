namespace Tft.Adapters.Hosting;

/// <summary>Where an adapter keeps its cursor: <c>adapters/</c> below Tft:DataDirectory, by default <c>.tft</c> at the solution's root, else in the working folder.</summary>
internal static class DataFolder
{
    public const string Setting = "Tft:DataDirectory";

    public static string Find(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration[Setting] is { Length: > 0 } configured)
            return Path.Combine(Path.GetFullPath(configured), "adapters");
        var here = Directory.GetCurrentDirectory();
        for (var at = new DirectoryInfo(here); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Tft.sln")))
                return Path.Combine(at.FullName, ".tft", "adapters");
        }

        return Path.Combine(here, ".tft", "adapters");
    }
}
