using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Tft.AppHost;

/// <summary>Which adapters run: <c>Tft:Sources</c> as <c>simulator,host</c>, or as a list in a settings file.</summary>
internal static partial class SourcesChoice
{
    private const string Default = "simulator,host";

    /// <param name="tft">The section <c>Tft</c>.</param>
    /// <param name="demo">Sources of a demonstration: they run too, and without <c>Tft:Sources</c> only they.</param>
    /// <exception cref="DistributedApplicationException">A name is malformed or given twice.</exception>
    public static IReadOnlyList<string> Parse(IConfigurationSection tft, IReadOnlyList<string> demo)
    {
        // beside the list stand the settings of single sources: Tft:Sources:files:Path
        var section = tft.GetSection("Sources");
        var listed = section.GetChildren().Where(child => int.TryParse(child.Key, out _)).Select(child => child.Value ?? "").ToList();
        var text = section.Value ?? (listed.Count > 0 ? string.Join(',', listed) : demo.Count > 0 ? "" : Default);
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names)
        {
            if (!Name().IsMatch(name))
                throw new DistributedApplicationException($"Tft:Sources: '{name}' is no source name (lower-case letters, digits and single hyphens).");
            if (names.Count(other => other == name) > 1)
                throw new DistributedApplicationException($"Tft:Sources: '{name}' is named twice.");
        }

        return [.. names.Union(demo)];
    }

    [GeneratedRegex("^[a-z](?:-?[a-z0-9])*$")]
    private static partial Regex Name();
}
