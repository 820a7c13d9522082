using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Dashboard.Fleet;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Live;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Fleet;

[Trait("Ring", "service")]
public sealed class FleetStoreTests : IAsyncLifetime
{
    private readonly AheadClock _clock = new();
    private FakeInference _service = null!;
    private ServiceProvider _provider = null!;
    private EventFeed _feed = null!;
    private FleetStore _store = null!;

    public async Task InitializeAsync()
    {
        _service = await FakeInference.StartAsync(FakeFleet.Of(30));
        await StartAsync();
    }

    private async Task StartAsync()
    {
        var services = new ServiceCollection();
        services.AddHttpClient("inference", c => c.BaseAddress = _service.Address);
        services.AddHttpClient("inference-events", c => (c.BaseAddress, c.Timeout) = (_service.Address, Timeout.InfiniteTimeSpan));
        _provider = services.BuildServiceProvider();
        var clients = _provider.GetRequiredService<IHttpClientFactory>();
        _feed = new EventFeed(clients, TimeProvider.System, NullLogger<EventFeed>.Instance);
        _store = new FleetStore(new InferenceApi(clients), _feed, _clock, NullLogger<FleetStore>.Instance);
        await _feed.StartAsync(default);
        await _store.StartAsync(default);
    }

    public async Task DisposeAsync()
    {
        await _store.StopAsync(default);
        await _feed.StopAsync(default);
        _store.Dispose();
        _feed.Dispose();
        await _provider.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Load_ManyPages_HoldsEveryServerOnce()
    {
        await _store.EnsureFreshAsync(Eventually.Timeout);
        _service.Fleet = FakeFleet.Of(2_100);

        await using var subscription = _store.Subscribe(() => Task.CompletedTask, TimeSpan.FromMilliseconds(10));
        _store.Refresh();

        await Eventually.True(() => _store.Current!.Rows.Count == 2_100);
        Assert.Equal(2_100, _store.Current!.Rows.Select(r => r.Name).Distinct().Count());
        Assert.Equal(2_100, Levels.WorstFirst.Sum(_store.Current.Count));
    }

    [Fact]
    public async Task EnsureFresh_LeftAloneForAnHour_WaitsForTheFleetOfNow()
    {
        await _store.EnsureFreshAsync(Eventually.Timeout);
        _service.Fleet = FakeFleet.Of(31);
        _clock.Ahead = TimeSpan.FromHours(1);

        await _store.EnsureFreshAsync(Eventually.Timeout);

        Assert.Equal(31, _store.Current!.Rows.Count);
    }

    [Fact]
    public async Task Event_WhileSomebodyLooks_IsFetchedAndTold()
    {
        var told = 0;
        await using var subscription = _store.Subscribe(() => Task.FromResult(Interlocked.Increment(ref told)), TimeSpan.FromMilliseconds(10));
        await Eventually.True(() => _store.Current is not null && _feed.State == FeedState.Live);
        var before = _store.Current!.Snapshot;

        _service.Publish();

        await Eventually.True(() => _store.Current!.Snapshot > before);
        await Eventually.True(() => told > 0);
        Assert.Equal(1, _service.Listeners);
    }

    [Fact]
    public async Task Event_WhileNobodyLooks_CostsNothing()
    {
        await _store.EnsureFreshAsync(Eventually.Timeout);
        await Eventually.True(() => _feed.State == FeedState.Live);
        var before = _service.Requests["/predict"];
        var heard = 0;
        await using var probe = _feed.Changes.Subscribe(() => Task.FromResult(Interlocked.Increment(ref heard)), TimeSpan.Zero, TimeProvider.System);

        _service.Publish();
        await Eventually.True(() => heard > 0);
        _service.Publish();
        await Eventually.True(() => heard > 1);

        Assert.Equal(before, _service.Requests["/predict"]);
    }

    [Fact]
    public async Task ServiceGoesAndComes_KeepsTheLastAndRecovers()
    {
        await using var subscription = _store.Subscribe(() => Task.CompletedTask, TimeSpan.FromMilliseconds(10));
        await Eventually.True(() => _store.Current is not null && _feed.State == FeedState.Live);

        _service.IsDown = true;
        _service.Publish();
        await Eventually.True(() => _store.Failure is not null);
        Assert.Equal(30, _store.Current!.Rows.Count);
        Assert.NotNull(_store.FailingSince);

        _service.IsDown = false;
        await Eventually.True(() => _store.Failure is null, timeout: Eventually.Long);
        Assert.Null(_store.FailingSince);
    }

    [Fact]
    public async Task EventsEnd_SubscribesAgain()
    {
        await Eventually.True(() => _feed.State == FeedState.Live && _service.Listeners == 1);

        _service.DropListeners();
        await Eventually.True(() => _feed.State == FeedState.Connecting);

        await Eventually.True(() => _feed.State == FeedState.Live && _service.Listeners == 1);
    }

    /// <summary>Timers run as ever.</summary>
    private sealed class AheadClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
