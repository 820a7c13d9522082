using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.SelfWatch.Checks;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.SelfWatch;

/// <summary>The service watches itself.</summary>
internal static class SelfWatchSetup
{
    /// <summary>Every rule, for whoever names one in a silence.</summary>
    public static IReadOnlyList<string> Rules { get; } =
        ["system_journal", "system_source_silent", "system_failed_posts", "system_fallback", "system_latency", "system_warmup", "system_windows", "system_disk", "system_uptime"];

    public static void AddSelfWatch(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SelfWatchOptions>().BindConfiguration(SelfWatchOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SelfWatchOptions>, SelfWatchOptionsValidator>());
        services.AddSingleton(static provider => provider.GetRequiredService<IOptions<SelfWatchOptions>>().Value);
        services.AddSingleton<UptimeLog>();
        services.AddSingleton<SystemAlertBook>();
        services.AddSingleton<Func<FleetSnapshot>>(static provider =>
        {
            var store = provider.GetRequiredService<SnapshotStore>();
            return () => store.Current;
        });
        AddChecks(services);
        services.AddSingleton<IReadOnlyList<ISystemCheck>>(static provider => [.. provider.GetServices<ISystemCheck>()]);
        services.AddHostedService(static provider => ActivatorUtilities.CreateInstance<SelfWatchFile>(provider, Folder(provider)));
        services.AddSingleton<SelfWatchLoop>();
        services.AddHostedService(static provider => provider.GetRequiredService<SelfWatchLoop>());
    }

    private static void AddChecks(IServiceCollection services)
    {
        services.AddSingleton<ISystemCheck, JournalCheck>();
        services.AddSingleton<ISystemCheck, SilentSourceCheck>();
        services.AddSingleton<ISystemCheck, FailedPostsCheck>();
        services.AddSingleton<ISystemCheck, FallbackCheck>();
        services.AddSingleton<ISystemCheck, LatencyCheck>();
        services.AddSingleton<ISystemCheck, WarmupCheck>();
        services.AddSingleton<ISystemCheck, WindowCheck>();
        services.AddSingleton<ISystemCheck, UptimeCheck>();
        services.AddSingleton<ISystemCheck>(static provider => new DiskCheck(provider.GetRequiredService<SelfWatchOptions>(), Folder(provider), DiskCheck.SpaceOf));
    }

    private static string Folder(IServiceProvider provider) => DataDirectory.Resolve(provider.GetRequiredService<IConfiguration>());
}
