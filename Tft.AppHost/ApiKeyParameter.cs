using Tft.ServiceDefaults.Keys;

namespace Tft.AppHost;

/// <summary>The API key as a secret parameter.</summary>
internal static class ApiKeyParameter
{
    public const string Name = "tft-api-key";

    /// <summary>
    /// <c>Parameters:tft-api-key</c> where it is configured and in a deployment; else <c>Tft:ApiKey</c>; else the key of
    /// <c>.env</c> at the solution's root, which is created with a fresh one.
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddApiKey(this IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        var isConfigured = builder.Configuration[$"Parameters:{Name}"] is not null
            || builder.Configuration[$"Parameters:{Name.Replace('-', '_')}"] is not null;
        var parameter = builder.ExecutionContext.IsPublishMode || isConfigured
            ? builder.AddParameter(Name, secret: true)
            : builder.AddParameter(Name, settings.ApiKey ?? OfFile(settings.SolutionRoot), secret: true);
        return parameter.WithDescription("Adapters push with this key and the dashboard reads with it (header X-API-Key).");
    }

    private static string OfFile(string solutionRoot) =>
        DotEnv.WriteIfAbsent(Path.Combine(solutionRoot, DotEnv.FileName), ApiKeyLocator.Variable, ApiKeyLocator.Generate());
}
