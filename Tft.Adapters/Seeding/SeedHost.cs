using Tft.Adapters.Sources.Simulator;
using Tft.ServiceDefaults;

namespace Tft.Adapters.Seeding;

/// <summary>The seeder as a process: it ends with the past, or serves /health on loopback and goes on with the clock.</summary>
internal static class SeedHost
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string name, SeedTargetKind kind, SeedPlan plan, IReadOnlyDictionary<string, string?> keys, CancellationToken cancellationToken)
    {
        await using var app = Build(name, kind, plan, keys);
        var work = app.Services.GetRequiredService<SeedWork>();
        if (!plan.Live)
            return await work.FillAsync(cancellationToken) ? 0 : 1;
        await app.RunAsync(cancellationToken);
        return Environment.ExitCode;
    }

    private static WebApplication Build(string name, SeedTargetKind kind, SeedPlan plan, IReadOnlyDictionary<string, string?> keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(keys);
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true);

        plan = plan with { Fleet = plan.Fleet with { Zone = FleetZone.Of(builder.Configuration) } };
        var target = kind.Create(builder.Configuration, SeedTargets.Section(name), plan);
        builder.Services.AddSingleton(target);
        builder.Services.AddSingleton(p => new Seeder(target, plan, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<Seeder>>()));
        builder.Services.AddSingleton(p => new SeedWork(
            name, p.GetRequiredService<Seeder>(), plan, p.GetRequiredService<IHostApplicationLifetime>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<SeedWork>>()));
        builder.Services.AddHostedService(p => p.GetRequiredService<SeedWork>());
        builder.Services.AddHealthChecks().AddCheck<SeedWork>("seed");
        var app = builder.Build();
        app.MapDefaultEndpoints();
        return app;
    }
}
