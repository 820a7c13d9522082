using Microsoft.Extensions.Configuration;

namespace Tft.AppHost;

/// <summary>What the AppHost itself reads of the section <c>Tft</c>.</summary>
/// <param name="SolutionRoot">The directory of Tft.sln.</param>
/// <param name="DataDirectory">Where journals and cursors live: <c>Tft:DataDirectory</c>, or <c>.tft</c> at the solution's root.</param>
/// <param name="Sources">The adapters to start: <c>Tft:Sources</c>, by default the simulator and this host.</param>
/// <param name="Redis"><c>Tft:Redis</c>: auto, none, local, container, or a connection string.</param>
/// <param name="ApiKey"><c>Tft:ApiKey</c>, where it is configured.</param>
/// <param name="Demo">The sources whose stores are filled with a simulated fleet: <c>Tft:Demo</c>; each of them is in <paramref name="Sources"/> too.</param>
/// <param name="DemoSection"><c>Tft:Demo:Servers</c> and <c>:Hours</c>.</param>
internal sealed record AppHostSettings(
    string SolutionRoot, string DataDirectory, IReadOnlyList<string> Sources, string Redis, string? ApiKey, IReadOnlyList<string> Demo, IConfigurationSection DemoSection)
{
    /// <exception cref="DistributedApplicationException">Names the key and what is wrong with it.</exception>
    public static AppHostSettings Read(IDistributedApplicationBuilder builder)
    {
        var tft = builder.Configuration.GetSection("Tft");
        var root = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(builder.AppHostDirectory))!;
        var demo = DemoChoice.Parse(tft);
        return new AppHostSettings(
            root,
            Path.GetFullPath(NullIfBlank(tft["DataDirectory"]) ?? ".tft", root),
            SourcesChoice.Parse(tft, demo),
            NullIfBlank(tft["Redis"]) ?? "auto",
            NullIfBlank(tft["ApiKey"]),
            demo,
            tft.GetSection("Demo"));
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
