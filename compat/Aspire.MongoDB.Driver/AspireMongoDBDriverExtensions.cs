using Aspire.MongoDB.Driver;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Driver;

namespace Microsoft.Extensions.Hosting;

public static class AspireMongoDBDriverExtensions
{
    private const string SectionName = "Aspire:MongoDB:Driver";

    /// <summary>
    /// Registers a singleton <see cref="IMongoClient"/>, connected when first asked something, its health check, and an
    /// <see cref="IMongoDatabase"/> where the connection string names one.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="connectionName">Name in the configuration section <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Called after configuration has been read.</param>
    /// <param name="configureClientSettings">Called after the connection string has been parsed.</param>
    public static void AddMongoDBClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<MongoDBSettings>? configureSettings = null,
        Action<MongoClientSettings>? configureClientSettings = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = new MongoDBSettings();
        builder.Configuration.GetSection(SectionName).Bind(settings);
        builder.Configuration.GetSection($"{SectionName}:{connectionName}").Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
            settings.ConnectionString = connectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddSingleton<IMongoClient>(_ =>
        {
            if (string.IsNullOrWhiteSpace(settings.ConnectionString))
                throw new InvalidOperationException($"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or under the 'ConnectionString' key in '{SectionName}'.");
            var client = MongoClientSettings.FromConnectionString(settings.ConnectionString);
            configureClientSettings?.Invoke(client);
            return new MongoClient(client);
        });

        if (!string.IsNullOrWhiteSpace(settings.ConnectionString) && MongoUrl.Create(settings.ConnectionString).DatabaseName is { Length: > 0 } database)
            builder.Services.AddSingleton(services => services.GetRequiredService<IMongoClient>().GetDatabase(database));
        if (!settings.DisableHealthChecks && !string.IsNullOrWhiteSpace(settings.ConnectionString))
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                "MongoDB.Driver", static services => new MongoPing(services), failureStatus: null, tags: null,
                settings.HealthCheckTimeout is > 0 ? TimeSpan.FromMilliseconds(settings.HealthCheckTimeout.Value) : null));
        }
    }
}
