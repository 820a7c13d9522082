using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Tft.ServiceDefaults.Clients;

/// <summary>Where the inference service is.</summary>
public sealed class InferenceClientOptions
{
    public const string UrlSetting = "Tft:InferenceUrl";

    /// <summary>The setting; else by service discovery where it knows the service; else the port of a service started alone.</summary>
    public Uri? Url { get; set; }

    /// <summary>One attempt. A page of forecasts of a large fleet or a full batch takes longer than the usual 10 s on a busy machine.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>All attempts together.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(150);
}

internal sealed class ConfigureInferenceClient(IConfiguration configuration)
    : IConfigureOptions<InferenceClientOptions>, IValidateOptions<InferenceClientOptions>
{
    private static readonly Uri Alone = new("http://localhost:8000");
    private static readonly Uri ByName = new($"https+http://{InferenceClient.Name}");

    public void Configure(InferenceClientOptions options)
    {
        var text = configuration[InferenceClientOptions.UrlSetting];
        if (string.IsNullOrWhiteSpace(text))
            options.Url = configuration.GetSection("Services").GetSection(InferenceClient.Name).Exists() ? ByName : Alone;
        else
            options.Url = Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null;
    }

    public ValidateOptionsResult Validate(string? name, InferenceClientOptions options)
        => options.Url is { Scheme: "http" or "https" or "https+http" or "http+https", UserInfo: "" } url && url.Host.Length > 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{InferenceClientOptions.UrlSetting} must be an absolute http or https URL without a user name.");
}
