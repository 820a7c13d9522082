using Microsoft.Extensions.Logging.Abstractions;
using Tft.Adapters.Seeding;
using Tft.Adapters.Seeding.Targets;
using Tft.Adapters.Simulation;
using Tft.Adapters.Sources;
using Tft.Contract.Records;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Seeding;

[Trait("Ring", "unit")]
public sealed class SeederTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ListTarget _target = new();

    [Fact]
    public async Task Fill_TwoHours_EveryTickIsThereOnceInOrder()
    {
        var summary = await Seeder(hours: 2).FillAsync(CancellationToken.None);

        var ticks = _target.Samples.Select(s => s.Timestamp).Distinct().ToList();
        Assert.Equal(ticks.Order(), ticks);
        Assert.Equal(481, ticks.Count);
        Assert.Equal((_clock.GetUtcNow().AddHours(-2), _clock.GetUtcNow()), (summary.From, summary.Until));
        Assert.Equal(_target.Samples.Count, summary.Samples);
        Assert.Equal(_target.Samples.Count, _target.Samples.DistinctBy(s => (s.ServerName, s.Timestamp)).Count());
    }

    [Fact]
    public async Task GoOn_StoreFailsForAMinute_WritesAllOfItAfterwards()
    {
        var seeder = Seeder(hours: 0);
        await seeder.FillAsync(CancellationToken.None);
        _target.Samples.Clear();
        using var stop = new CancellationTokenSource();
        var live = seeder.GoOnAsync(stop.Token);
        _target.IsAway = true;
        for (var i = 0; i < 4; i++)
            await TickAsync();
        var refused = _target.Refused;
        _target.IsAway = false;
        await TickAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => live).DefaultTimeout();

        Assert.Equal(4, refused);
        Assert.Equal(5, _target.Samples.Select(s => s.Timestamp).Distinct().Count());
        Assert.Equal(_clock.GetUtcNow(), _target.Samples[^1].Timestamp);
    }

    [Fact]
    public void GrowingCounters_BatchIsSentAgain_GivesTheSameCounters()
    {
        var counters = new GrowingCounters(10);
        counters.Begin();
        Assert.Equal(20, counters.Add("a", "in", 2));
        counters.Keep();
        counters.Begin();
        Assert.Equal(50, counters.Add("a", "in", 3));
        counters.Begin();

        Assert.Equal(50, counters.Add("a", "in", 3));
        Assert.Equal(80, counters.Add("a", "in", float.NaN));
        Assert.Equal(10, counters.Add("b", "in", 1));
    }

    private Seeder Seeder(double hours) =>
        new(_target, new SeedPlan(new SimulatedFleetOptions { Servers = 30 }, hours, 15, Live: true), _clock, NullLogger<Seeder>.Instance);

    private async Task TickAsync()
    {
        await Eventually.True(() => _clock.ActiveTimers == 1);
        var writes = _target.Writes;
        _clock.Advance(TimeSpan.FromSeconds(15));
        await Eventually.True(() => _target.Writes > writes);
    }

    private sealed class ListTarget : ISeedTarget
    {
        public List<MetricRecord> Samples { get; } = [];

        public volatile bool IsAway;

        public volatile int Writes;

        public int Refused { get; private set; }

        public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<DateTimeOffset?> NewestAsync(DateTimeOffset now, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

        public Task WriteAsync(IReadOnlyList<MetricRecord> samples, CancellationToken cancellationToken)
        {
            if (IsAway)
                Refused++;
            else
                Samples.AddRange(samples);
            Writes++;
            return IsAway ? throw new SourceException("away") : Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => default;
    }
}
