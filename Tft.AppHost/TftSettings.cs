using Microsoft.Extensions.Configuration;

namespace Tft.AppHost;

/// <summary>What every service gets: the key, the data directory, and all else that stands under <c>Tft</c>.</summary>
internal static class TftSettings
{
    // the AppHost's own choices; the rest of the section belongs to the services
    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase) { "ApiKey", "DataDirectory", "Demo", "Elasticsearch", "MongoDb", "Redis", "Sources" };

    /// <param name="resource">The service.</param>
    /// <param name="settings">The AppHost's settings.</param>
    /// <param name="apiKey">The key for all.</param>
    /// <param name="source">For an adapter: it also gets <c>Tft:Sources:SOURCE:*</c>, which may hold secrets that are its alone.</param>
    public static IResourceBuilder<T> WithTftSettings<T>(
        this IResourceBuilder<T> resource, AppHostSettings settings, IResourceBuilder<ParameterResource> apiKey, string? source = null)
        where T : IResourceWithEnvironment
    {
        var builder = resource.ApplicationBuilder;
        foreach (var (key, value) in builder.Configuration.GetSection("Tft").AsEnumerable(makePathsRelative: true))
        {
            if (value is not null && (!Own.Contains(key.Split(':')[0]) || IsOf(source, key)))
                resource.WithEnvironment($"Tft__{key.Replace(":", "__", StringComparison.Ordinal)}", value);
        }

        resource.WithEnvironment("Tft__ApiKey", apiKey);
        if (builder.ExecutionContext.IsRunMode)
        {
            resource.WithEnvironment("Tft__DataDirectory", settings.DataDirectory)
                .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName);
        }

        return resource;
    }

    private static bool IsOf(string? source, string key) =>
        source is not null && key.StartsWith($"Sources:{source}:", StringComparison.OrdinalIgnoreCase);
}
