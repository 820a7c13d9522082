using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Tft.AppHost;

/// <summary>A demonstration: a store is filled with a simulated fleet before its source's adapter starts, and goes on live.</summary>
internal static class DemoChoice
{
    private static readonly string[] s_sources = ["elasticsearch", "files", "influxdb", "mongodb", "postgresql", "prometheus"];

    /// <summary>
    /// What seeder and source are told unless it is configured: a place of its own, for what is invented does not belong among what was
    /// measured.
    /// </summary>
    private static readonly (string Source, string Setting, string Value)[] s_defaults =
    [
        ("elasticsearch", "IndexPattern", "tft-demo"),
        ("elasticsearch", "Preset", "tft"),
        ("influxdb", "Database", "tft_demo"),
        ("mongodb", "Collection", "tft_demo"),
        ("postgresql", "Table", "tft_demo"),
    ];

    /// <summary><c>Tft:Demo</c>: sources whose stores are filled, as <c>elasticsearch,prometheus</c>.</summary>
    /// <exception cref="DistributedApplicationException">A store that can't be filled is named.</exception>
    public static IReadOnlyList<string> Parse(IConfigurationSection tft)
    {
        var names = (tft["Demo"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToArray();
        return names.FirstOrDefault(name => !s_sources.Contains(name)) is { } unknown
            ? throw new DistributedApplicationException($"Tft:Demo: '{unknown}' can't be filled; there are {string.Join(", ", s_sources)}.")
            : names;
    }

    /// <summary>Fills the source's store, if that is asked for; healthy once the past is written.</summary>
    public static IResourceBuilder<ProjectResource>? AddSeeder(
        this IDistributedApplicationBuilder builder, string source, AppHostSettings settings, StoreChoice store, IResourceBuilder<ParameterResource> apiKey)
    {
        if (!settings.Demo.Contains(source))
            return null;
        return builder.AddProject<Projects.Tft_Adapters>($"seed-{source}", launchProfileName: null)
            .WithHttpEndpoint()
            .WithArgs("seed", "--to", source, "--live", "--servers", Number(settings, "Servers", 50), "--hours", Number(settings, "Hours", 25))
            .WithStore(source, store)
            .WithTftSettings(settings, apiKey, source)
            .WithDemoDefaults(source, settings)
            .WithHttpHealthCheck("/health");
    }

    /// <summary>Where the source reads what the seeder writes, as far as nothing else is configured; and the adapter waits for the seeder.</summary>
    public static IResourceBuilder<ProjectResource> WithDemo(
        this IResourceBuilder<ProjectResource> adapter, string source, AppHostSettings settings, IResourceBuilder<ProjectResource>? seeder) =>
        seeder is null ? adapter : adapter.WithDemoDefaults(source, settings).WaitFor(seeder);

    private static IResourceBuilder<ProjectResource> WithDemoDefaults(this IResourceBuilder<ProjectResource> resource, string source, AppHostSettings settings)
    {
        (string Source, string Setting, string Value)[] defaults = [.. s_defaults, ("files", "Path", Path.Combine(settings.DataDirectory, "demo", "fleet.jsonl"))];
        foreach (var (of, setting, value) in defaults)
        {
            if (of == source && resource.ApplicationBuilder.Configuration[$"Tft:Sources:{source}:{setting}"] is null)
                resource.WithEnvironment($"Tft__Sources__{source}__{setting}", value);
        }

        return resource;
    }

    private static string Number(AppHostSettings settings, string name, int otherwise)
    {
        var text = settings.DemoSection[name];
        return text is null ? otherwise.ToString(CultureInfo.InvariantCulture)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? text
            : throw new DistributedApplicationException($"Tft:Demo:{name}: '{text}' is not a whole number above 0.");
    }
}
