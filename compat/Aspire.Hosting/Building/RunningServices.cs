using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Logs;
using Aspire.Hosting.ResourcePage;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Building;

/// <summary>The services of every AppHost.</summary>
internal static class RunningServices
{
    /// <summary>Fixed ports are ignored, so that tests can run beside each other.</summary>
    public static bool RandomizesPorts(IConfiguration configuration) => configuration.GetValue("DcpPublisher:RandomizePorts", false);

    public static void Add(HostApplicationBuilder host, DistributedApplicationBuilder builder, DistributedApplicationOptions options)
    {
        // a health check that fails until its resource is there is a state, not an error to log five times a second
        host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        host.Logging.AddFilter("System.Net.Http", LogLevel.Warning);

        var services = host.Services;
        services.AddHealthChecks();
        services.AddHttpClient();
        services.AddSingleton(builder.ExecutionContext);
        services.AddSingleton(_ => new DistributedApplicationModel(builder.Resources));
        services.AddSingleton(_ => new ResourceLoggerService());
        services.AddSingleton(provider => new ResourceNotificationService(
            provider.GetRequiredService<DistributedApplicationModel>(), provider.GetRequiredService<ResourceLoggerService>()));
        services.AddSingleton(provider => new ApplicationRunner(
            provider.GetRequiredService<DistributedApplicationModel>(),
            builder.ExecutionContext,
            provider.GetRequiredService<ResourceNotificationService>(),
            provider.GetRequiredService<ResourceLoggerService>(),
            provider.GetRequiredService<HealthCheckService>(),
            new RunnerOptions(RandomizesPorts(builder.Configuration)),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILogger<DistributedApplication>>()));
        services.AddSingleton(provider => new ResourceCommandService(provider.GetRequiredService<ApplicationRunner>()));

        if (options.EnableResourceLogging)
            services.AddHostedService<ResourceLogForwarder>();
        if (!options.DisableDashboard)
        {
            services.AddHostedService<ConsoleReport>();
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ResourcePageServer>(provider));
            services.AddHostedService(provider => provider.GetRequiredService<ResourcePageServer>());
        }

        services.AddHostedService(provider => provider.GetRequiredService<ApplicationRunner>());
    }
}
