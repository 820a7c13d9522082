using Microsoft.Extensions.Configuration;

namespace Tft.ServiceDefaults.Hosting;

/// <summary>Where services keep their files: <c>Tft:DataDirectory</c>, else <c>.tft/</c> at the checkout's root, else in the working folder.</summary>
public static class DataDirectory
{
    public const string Setting = "Tft:DataDirectory";

    public static string Resolve(IConfiguration configuration)
    {
        if (configuration[Setting] is { Length: > 0 } configured) return Path.GetFullPath(configured);

        var working = Directory.GetCurrentDirectory();
        return Path.Combine(SolutionRoot.Find(working) ?? working, ".tft");
    }
}
