using Microsoft.Extensions.Configuration.Memory;
using Tft.Inference.Alerts;
using Tft.Inference.Cascades;
using Tft.Inference.Feed;
using Tft.Inference.Forecasts;
using Tft.Inference.Http;
using Tft.Inference.Otlp;
using Tft.Inference.Remediation;
using Tft.Inference.Security;
using Tft.Inference.SelfWatch;
using Tft.Inference.Serving;
using Tft.ServiceDefaults;
using Tft.ServiceDefaults.Keys;

namespace Tft.Inference;

/// <summary>What the service is made of, in the order in which a record goes through it.</summary>
internal static class InferenceService
{
    public const int DefaultPort = 8000;

    /// <summary>Settings that every other source of configuration overrides.</summary>
    private static readonly Dictionary<string, string?> s_defaults = new()
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
        // Each probe would say again what the journal and the forecaster say once.
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
    };

    /// <summary>Builds the service from command line, environment and settings; starts nothing.</summary>
    public static WebApplication Build(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = s_defaults });
        builder.AddServiceDefaults();
        builder.UseDefaultPort();
        builder.UseApiKey();

        builder.Services.AddApiKeys();
        builder.Services.AddIngest();
        builder.Services.AddOtlp();
        // What was firing must be known again before the first forecast is judged.
        builder.AddAlerts();
        builder.AddSelfWatch();
        builder.AddRemediation();
        builder.AddForecasts();
        builder.AddCascades();
        builder.AddServing();

        var app = builder.Build();
        app.UseProblems();
        app.MapDefaultEndpoints();
        app.MapFeed();
        app.MapOtlp();
        app.MapServing();
        return app;
    }

    /// <summary>Alone, without a launch profile, an AppHost or --urls, the service listens on loopback.</summary>
    private static void UseDefaultPort(this WebApplicationBuilder builder)
    {
        string[] keys = ["urls", "http_ports", "https_ports"];
        if (keys.All(key => string.IsNullOrEmpty(builder.Configuration[key])))
            builder.WebHost.UseUrls($"http://localhost:{DefaultPort}");
    }

    /// <summary>There is always a key: the configured one, that of .env, or a fresh one that is written there.</summary>
    private static void UseApiKey(this WebApplicationBuilder builder) =>
        builder.Configuration[ApiKeyLocator.Setting] =
            new ApiKeyLocator(builder.Configuration, Directory.GetCurrentDirectory()).FindOrCreate().Value;
}
