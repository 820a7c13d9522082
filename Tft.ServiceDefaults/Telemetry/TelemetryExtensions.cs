using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Resources;

namespace Tft.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http", "Tft.*"];

    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Diagnostics",
        "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "Microsoft.AspNetCore.RateLimiting",
        "System.Net.Http", "System.Runtime", "tft*",
    ];

    /// <summary>
    /// Traces, metrics and logs by OTLP where an endpoint is configured; without one nothing listens, and a span or a
    /// measurement costs next to nothing. The SDK reads all OTEL_* settings itself.
    /// </summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration[EndpointVariable])) return;

        // Without this, ASP.NET Core's request spans carry no attributes at all.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, RequestSpanFilter>());

        builder.Logging.AddOpenTelemetry(static logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });

        var application = builder.Environment.ApplicationName;
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(application, autoGenerateServiceInstanceId: false).AddEnvironmentVariableDetector())
            .WithTracing(static tracing => tracing.AddSource(Sources))
            .WithMetrics(static metrics => metrics.AddMeter(Meters))
            .UseOtlpExporter();
        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>());
        // Here and not later: hosted services stop in reverse order.
        builder.Services.AddHostedService<TelemetryShutdown>();
    }
}
