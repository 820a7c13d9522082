namespace Tft.AppHost;

/// <summary>The API key as a secret parameter.</summary>
internal static class ApiKey
{
    public const string ParameterName = "tft-api-key";

    /// <summary>
    /// <c>Parameters:tft-api-key</c> where it is configured and in a deployment; else <c>Tft:ApiKey</c>; else the key of
    /// <c>.env</c> at the solution's root, which is created with a fresh one.
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddApiKey(this IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        var isConfigured = builder.Configuration[$"Parameters:{ParameterName}"] is not null
            || builder.Configuration[$"Parameters:{ParameterName.Replace('-', '_')}"] is not null;
        var parameter = builder.ExecutionContext.IsPublishMode || isConfigured
            ? builder.AddParameter(ParameterName, secret: true)
            : builder.AddParameter(ParameterName, settings.ApiKey ?? ApiKeyFile.ReadOrCreate(settings.SolutionRoot), secret: true);
        return parameter.WithDescription("Adapters push with this key and the dashboard reads with it (header X-API-Key).");
    }
}
