using Microsoft.Extensions.DependencyInjection.Extensions;
using Tft.Inference.Journal;
using Tft.Inference.Journal.Embedded;
using Tft.Inference.Journal.Redis;
using Tft.Inference.LongHistory;
using Tft.Inference.Windows;

namespace Tft.Inference.Feed;

/// <summary>Everything that a record goes through before it is forecast from.</summary>
internal static class IngestSetup
{
    public static IServiceCollection AddIngest(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => IngestOptions.Read(provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton(provider => HistoryOptions.Read(provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton(static provider => new PastStore(provider.GetRequiredService<HistoryOptions>(), provider.GetRequiredService<ILogger<PastStore>>()));
        services.TryAddSingleton(CreateWindows);
        services.TryAddSingleton(CreateJournal);
        services.TryAddSingleton<Committer>();
        services.TryAddSingleton<FeedTelemetry>();
        services.TryAddSingleton<FeedIntake>();
        services.TryAddSingleton<FeedWorkPool>();
        services.TryAddSingleton<FeedLog>();
        services.TryAddSingleton<RateLimit>();
        services.TryAddSingleton<IFleetWindows>(provider => provider.GetRequiredService<FleetWindows>());
        services.TryAddSingleton<IIngestStatus, IngestStatus>();
        services.AddHostedService<JournalService>();
        services.AddHostedService<PastWriter>();
        services.AddHealthChecks().AddCheck<JournalHealthCheck>("journal");
        return services;
    }

    private static FleetWindows CreateWindows(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IngestOptions>();
        return new FleetWindows(options.Profiles, options.MaxServers, provider.GetRequiredService<PastStore>());
    }

    private static IJournal CreateJournal(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IngestOptions>();
        return options.Redis is { } redis
            ? new RedisJournal(redis, options.Durability, provider.GetRequiredService<ILogger<RedisJournal>>())
            : new EmbeddedJournal(options.JournalDirectory, options.Durability, provider.GetRequiredService<ILogger<EmbeddedJournal>>());
    }
}
