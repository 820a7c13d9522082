using Tft.Contract.Servers;

namespace Tft.Tests.Alerts.Book;

/// <summary>What is measured: how long it must stand, what ends it, and what is not counted.</summary>
[Trait("Ring", "unit")]
public sealed class MeasuredAlertTests : IDisposable
{
    private readonly AlertScene _scene = new();

    [Fact]
    public void Measured_OneSnapshot_IsPendingAndTwoOfThreeFire()
    {
        _scene.See(now: 75);
        Assert.Equal("pending", _scene.Only("measured_critical").State);
        _scene.See(now: 0);
        Assert.Equal("pending", _scene.Only("measured_critical").State);
        _scene.See(now: 75);
        Assert.Equal("firing", _scene.Only("measured_critical").State);
        Assert.Equal(["firing"], _scene.Announced().Select(a => a.State));
    }

    [Fact]
    public void Measured_OneSpike_NeverFires()
    {
        _scene.See(now: 90);
        for (var i = 0; i < 4; i++)
            _scene.See(now: 0);
        Assert.Empty(_scene.Book.OpenAlerts());
        Assert.Empty(_scene.Announced());
    }

    [Fact]
    public void Firing_ValueBetweenRecoveryAndThreshold_GoesOnFiring()
    {
        _scene.See(now: 75);
        _scene.See(now: 75);
        for (var i = 0; i < 10; i++)
            _scene.See(now: 61);
        Assert.Equal("firing", _scene.Only("measured_critical").State);
        for (var i = 0; i < 5; i++)
            _scene.See(now: 59);
        Assert.Equal("firing", _scene.Only("measured_critical").State);
        _scene.See(now: 59);
        Assert.DoesNotContain(_scene.Book.OpenAlerts(), a => a.Rule == "measured_critical");
        var resolved = Assert.Single(_scene.Book.Between(_scene.Clock.GetUtcNow().AddDays(-1), _scene.Clock.GetUtcNow()), a => a.Rule == "measured_critical");
        Assert.Equal("resolved", resolved.State);
        Assert.NotNull(resolved.ResolvedAt);
    }

    [Fact]
    public void Firing_RecoveredAtOnce_IsHeldForTenMinutes()
    {
        _scene.See(now: 75, minutes: 1);
        _scene.See(now: 75, minutes: 1);
        for (var i = 0; i < 9; i++)
        {
            _scene.See(now: 0, minutes: 1);
            Assert.Equal("firing", _scene.Only("measured_critical").State);
        }

        _scene.See(now: 0, minutes: 1);
        Assert.DoesNotContain(_scene.Book.OpenAlerts(), a => a.Rule == "measured_critical");
        Assert.Equal(["firing", "resolved"], _scene.Announced().Select(a => a.State));
    }

    [Fact]
    public void See_SameBucketTwice_CountsOnce()
    {
        _scene.See(now: 75);
        for (var i = 0; i < 5; i++)
            _scene.See(now: 75, minutes: 0);
        Assert.Equal("pending", _scene.Only("measured_critical").State);
    }

    [Fact]
    public void See_WarmingUp_NothingBegins()
    {
        for (var i = 0; i < 5; i++)
            _scene.See(now: 100, knownSteps: 35);
        Assert.Empty(_scene.Book.OpenAlerts());
    }

    [Fact]
    public void See_BackfillOfYesterday_NothingBegins()
    {
        for (var i = 0; i < 5; i++)
        {
            _scene.Clock.Advance(TimeSpan.FromMinutes(5));
            var old = _scene.Snapshot(90, 288, ServerState.Healthy, 0.9f);
            _scene.Book.Forecast(old with { OriginSeconds = old.OriginSeconds - 86_400 }, default, [], []);
        }

        Assert.Empty(_scene.Book.OpenAlerts());
    }

    [Fact]
    public void Retired_FiringAlert_IsResolved()
    {
        _scene.See(now: 75);
        _scene.See(now: 75);
        _scene.Book.Retired(_scene.Snapshot(0, 288, ServerState.Healthy));
        Assert.Empty(_scene.Book.OpenAlerts());
        Assert.Equal(["firing", "resolved"], _scene.Announced().Select(a => a.State));
    }

    public void Dispose() => _scene.Dispose();
}
