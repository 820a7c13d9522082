namespace Tft.Tests.Infrastructure;

[Trait("Ring", "unit")]
public sealed class InfrastructureTests
{
    [Fact]
    public void Advance_SeveralTimersDue_FireInOrderEachAtItsTime()
    {
        var clock = new FakeTimeProvider();
        var start = clock.GetUtcNow();
        var fired = new List<(string Name, TimeSpan At)>();
        using var late = clock.CreateTimer(_ => fired.Add(("late", clock.GetUtcNow() - start)), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using var often = clock.CreateTimer(_ => fired.Add(("often", clock.GetUtcNow() - start)), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

        clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(
            [("often", TimeSpan.FromSeconds(2)), ("often", TimeSpan.FromSeconds(4)), ("late", TimeSpan.FromSeconds(5)), ("often", TimeSpan.FromSeconds(6))],
            fired);
        Assert.Equal(start + TimeSpan.FromSeconds(6), clock.GetUtcNow());
    }

    [Fact]
    public async Task Delay_OnFakeClock_EndsOnlyWhenAdvanced()
    {
        var clock = new FakeTimeProvider();
        var delay = Task.Delay(TimeSpan.FromMinutes(5), clock);

        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.False(delay.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));

        await delay.DefaultTimeout();
    }

    [Fact]
    public async Task PeriodicTimer_OnFakeClock_Ticks()
    {
        var clock = new FakeTimeProvider();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        var tick = timer.WaitForNextTickAsync();

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await tick.DefaultTimeout());
    }

    [Fact]
    public async Task True_NeverHolds_ThrowsWithTheCondition()
    {
        var e = await Assert.ThrowsAsync<TimeoutException>(
            () => Eventually.True(() => false, "the impossible", TimeSpan.FromMilliseconds(20)));

        Assert.Contains("the impossible", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Skip_ConditionFalse_CarriesTheRunnersMarker()
    {
        var e = Assert.ThrowsAny<Exception>(() => SkipUnless.True(false, "no such thing here"));

        Assert.Equal("$XunitDynamicSkip$no such thing here", e.Message);
    }
}

[Trait("Ring", "component")]
public sealed class RedisServerTests
{
    [Fact]
    public async Task Kill_ThenStart_ComesBackOnTheSamePort()
    {
        await using var redis = new RedisServer();
        redis.Require();
        await redis.StartAsync().DefaultTimeout();
        var port = redis.Port;

        redis.Kill();
        Assert.False(redis.IsRunning);
        await redis.StartAsync().DefaultTimeout();

        Assert.True(redis.IsRunning);
        Assert.Equal(port, redis.Port);
    }
}
