using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Adapters.Hosting;
using Tft.Adapters.Loop;
using Tft.Adapters.Mapping;
using Tft.Adapters.Seeding;
using Tft.Adapters.Simulation;
using Tft.Adapters.Sources;
using Tft.Contract.Records;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Seeding;

/// <summary>A store filled as the command does it, and read by the source of the same settings.</summary>
internal sealed class SeedRig(string store, FakeTimeProvider clock, params (string Key, string Value)[] settings)
{
    private readonly Dictionary<string, string?> _keys = settings.ToDictionary(s => s.Key.StartsWith("ConnectionStrings", StringComparison.Ordinal) ? s.Key : $"{SeedTargets.Section(store)}:{s.Key}", s => (string?)s.Value);

    public SimulatedFleetOptions Fleet { get; } = new() { Servers = 7 };

    public SeedTargetKind Kind { get; } = SeedTargets.Find(store)!;

    public Seeder Seeder(double hours)
    {
        var plan = new SeedPlan(Fleet, hours, Kind.EverySeconds, Live: true);
        return new Seeder(Target(plan), plan, clock, NullLogger<Seeder>.Instance);
    }

    public async Task<SeedSummary> FillAsync(double hours) => await Seeder(hours).FillAsync(CancellationToken.None).DefaultTimeout();

    public ISeedTarget Target(SeedPlan plan) => Kind.Create(new ConfigurationBuilder().AddInMemoryCollection(_keys).Build(), SeedTargets.Section(store), plan);

    /// <summary>What the adapter would read, with its own defaults where the settings say nothing.</summary>
    public async Task<List<MetricRecord>> ReadAsync(DateTimeOffset from, DateTimeOffset until, params (string Key, string Value)[] more)
    {
        var name = store is "opensearch" ? "elasticsearch" : store;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(_keys).AddInMemoryCollection(more.ToDictionary(m => $"Tft:Sources:{name}:{m.Key}", m => (string?)m.Value));
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton(MappingTrace.Off);
        SourceKinds.All.Single(k => k.Name == name).Add(builder, new AdapterOptions());
        await using var app = builder.Build();
        var records = new List<MetricRecord>();
        await foreach (var page in app.Services.GetRequiredService<IMetricSource>().ReadAsync(new ReadRange(from, until, null), CancellationToken.None))
        {
            Assert.Empty(page.Faults);
            records.AddRange(page.Records);
        }

        return records;
    }

    /// <summary>Each sample of the fleet from one time up to another, at the store's pace.</summary>
    public List<MetricRecord> Samples(DateTimeOffset from, DateTimeOffset until)
    {
        var fleet = new SimulatedFleet(Fleet);
        var all = new List<MetricRecord>();
        for (var t = from.ToUnixTimeSeconds(); t < until.ToUnixTimeSeconds(); t += Kind.EverySeconds)
            all.AddRange(fleet.Servers.Select(s => fleet.Sample(s, t)).OfType<MetricRecord>());
        return all;
    }
}
