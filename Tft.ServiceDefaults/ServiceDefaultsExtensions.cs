using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Tft.ServiceDefaults.Clients;
using Tft.ServiceDefaults.Health;
using Tft.ServiceDefaults.Hosting;
using Tft.ServiceDefaults.Keys;
using Tft.ServiceDefaults.Telemetry;

namespace Tft.ServiceDefaults;

/// <summary>What every service has: telemetry, health, service discovery, resilience, the API key, systemd.</summary>
public static class ServiceDefaultsExtensions
{
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ApiKeyLocator>();
        builder.AddTelemetry();
        builder.AddHealth();
        builder.AddClientDefaults();
        builder.Services.AddHostedService<SystemdNotifier>();
        return builder;
    }

    /// <summary>GET /health (all checks) and GET /alive (this process alone), without a key, in every environment.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealth();
        return app;
    }
}
