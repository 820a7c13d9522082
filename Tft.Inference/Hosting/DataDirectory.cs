namespace Tft.Inference.Hosting;

/// <summary>Where the service keeps its files: <c>Tft:DataDirectory</c>, else <c>.tft/</c> at the solution's root, else in the working folder.</summary>
internal static class DataDirectory
{
    public static string Resolve(IConfiguration configuration)
    {
        if (configuration["Tft:DataDirectory"] is { Length: > 0 } configured)
            return Path.GetFullPath(configured);

        var working = new DirectoryInfo(Directory.GetCurrentDirectory());
        for (var folder = working; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tft.sln")))
                return Path.Combine(folder.FullName, ".tft");
        }

        return Path.Combine(working.FullName, ".tft");
    }
}
