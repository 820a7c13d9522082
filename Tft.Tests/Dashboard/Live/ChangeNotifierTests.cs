using Tft.Dashboard.Live;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Live;

[Trait("Ring", "unit")]
public sealed class ChangeNotifierTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly ChangeNotifier _changes = new();

    [Fact]
    public async Task Publish_ManyWithinTheInterval_OneCallNowAndOneAfterwards()
    {
        var calls = 0;
        await using var subscription = _changes.Subscribe(() => Task.FromResult(Interlocked.Increment(ref calls)), s_interval, _clock);

        _changes.Publish();
        await Eventually.True(() => _clock.ActiveTimers == 1);
        for (var i = 0; i < 100; i++)
        {
            _changes.Publish();
        }

        Assert.Equal(1, calls);
        _clock.Advance(s_interval);
        await Eventually.True(() => calls == 2);
        await Eventually.True(() => _clock.ActiveTimers == 1);
        _clock.Advance(s_interval);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Publish_SlowSubscriber_DoesNotHoldUpAnother()
    {
        var slow = new TaskCompletionSource();
        var fast = 0;
        await using var first = _changes.Subscribe(() => slow.Task, s_interval, _clock);
        await using var second = _changes.Subscribe(() => Task.FromResult(Interlocked.Increment(ref fast)), s_interval, _clock);

        _changes.Publish();

        await Eventually.True(() => fast == 1);
        slow.SetResult();
    }

    [Fact]
    public async Task Dispose_WhileTheCallbackWaits_ReturnsAndEndsTheCalls()
    {
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        var calls = 0;
        var subscription = _changes.Subscribe(
            async () =>
            {
                calls++;
                entered.TrySetResult();
                await leave.Task;
            },
            s_interval,
            _clock);
        _changes.Publish();
        await entered.Task.DefaultTimeout();

        await subscription.DisposeAsync().DefaultTimeout();
        leave.SetResult();
        _changes.Publish();

        Assert.Equal(0, _changes.Count);
        Assert.Equal(1, calls);
    }
}
