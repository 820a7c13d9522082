using System.Globalization;
using Microsoft.Extensions.Configuration;
using Tft.Adapters.Seeding;
using Tft.Adapters.Simulation;
using Tft.Contract.Metrics;
using Tft.Contract.Records;

namespace Tft.Bench.Sources;

/// <summary>A store into which a sample of each server goes every five seconds, as its collector would write it.</summary>
internal sealed class FedStore : IAsyncDisposable
{
    private const int Every = 5;

    private static readonly float[] s_values = [21.5f, 4.2f, 0.9f, 73.4f, 12.5f, 48.1f, 0.5f, 61.25f, 12.5f, 8.3f, 3, 2, 1.92f, 10.5f];

    private readonly CancellationTokenSource _stop = new();
    private readonly ISeedTarget _target;
    private readonly Task _writing;

    private FedStore(ISeedTarget target, int servers)
    {
        _target = target;
        _writing = Task.Run(() => WriteAsync(servers, _stop.Token));
    }

    /// <param name="source">What reads it.</param>
    /// <param name="servers">Size of the fleet.</param>
    /// <param name="settings">The source's.</param>
    public static async Task<FedStore> StartAsync(string source, int servers, params (string Key, string Value)[] settings)
    {
        var section = SeedTargets.Section(source);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"{section}:{s.Key}", (string?)s.Value))).Build();
        var plan = new SeedPlan(new SimulatedFleetOptions { Servers = servers }, 0, Every, Live: true);
        var target = SeedTargets.Find(source)!.Create(configuration, section, plan);
        await target.PrepareAsync(CancellationToken.None);
        return new FedStore(target, servers);
    }

    /// <exception cref="Exception">What ended the writing early: then the figure is none.</exception>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _writing;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // As wanted.
        }

        await _target.DisposeAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync(int servers, CancellationToken cancellationToken)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var next = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / Every * Every;
        do
        {
            for (; next <= DateTimeOffset.UtcNow.ToUnixTimeSeconds(); next += Every)
            {
                var time = DateTimeOffset.FromUnixTimeSeconds(next);
                await _target.WriteAsync([.. Enumerable.Range(0, servers).Select(s => Sample(s, time))], cancellationToken);
            }
        }
        while (await pace.WaitForNextTickAsync(cancellationToken));
    }

    private static MetricRecord Sample(int server, DateTimeOffset time)
    {
        var values = MetricValues.Missing;
        for (var m = 0; m < MetricCatalog.Count; m++)
            values[m] = s_values[m];
        return new MetricRecord { ServerName = string.Create(CultureInfo.InvariantCulture, $"host{server:D5}"), Timestamp = time, Values = values };
    }
}
