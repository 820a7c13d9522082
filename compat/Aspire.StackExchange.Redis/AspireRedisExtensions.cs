using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

public static class AspireRedisExtensions
{
    private const string SectionName = "Aspire:StackExchange:Redis";

    /// <summary>
    /// Registers a singleton <see cref="IConnectionMultiplexer"/>, connected when first asked for, and its health check. A
    /// server that is away then or later is connected to when it comes back.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="connectionName">Name in the configuration section <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Called after configuration has been read.</param>
    /// <param name="configureOptions">Called after the connection string has been parsed.</param>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = new StackExchangeRedisSettings();
        builder.Configuration.GetSection(SectionName).Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
            settings.ConnectionString = connectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddSingleton<IConnectionMultiplexer>(services =>
        {
            var options = Parse(settings.ConnectionString, connectionName);
            configureOptions?.Invoke(options);
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Aspire.StackExchange.Redis");
            return ConnectionMultiplexer.Connect(options, new TraceWriter(logger));
        });

        if (!settings.DisableHealthChecks)
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                "StackExchange.Redis", static services => new RedisPing(services), failureStatus: null, tags: null));
        }
    }

    private static ConfigurationOptions Parse(string? connectionString, string connectionName)
    {
        var options = connectionString is null ? new ConfigurationOptions() : ConfigurationOptions.Parse(connectionString);
        if (options.EndPoints.Count == 0)
        {
            throw new InvalidOperationException(
                $"Redis has no endpoint: set 'ConnectionStrings:{connectionName}' or '{SectionName}:ConnectionString'.");
        }

        // The library's default gives up for good when the server is not there at the first attempt.
        if (!connectionString!.Contains("abortConnect", StringComparison.OrdinalIgnoreCase)) options.AbortOnConnectFail = false;
        return options;
    }
}
