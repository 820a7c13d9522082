using Tft.Adapters.Sources;

namespace Tft.Tests.Adapters;

/// <summary>The loop: rows that are late, and clocks that are off.</summary>
[Trait("Ring", "component")]
public sealed class LateRowTests : LoopTests
{
    [Fact]
    public async Task Poll_RowsLateWithinTheOverlap_AreStillDelivered()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(200));
        _source.Add("a", Now);
        await rig.PollAsync();

        _source.Add("a", Now.AddSeconds(-100));
        _source.Add("b", Now);
        _clock.Advance(TimeSpan.FromSeconds(61));
        await rig.PollAsync();

        Assert.Equal(3, _service.Kept.Count);
        Assert.Equal(0, _service.Duplicates);
    }

    [Fact]
    public async Task Poll_RowFromTheFarFuture_DoesNotPullTheCursorAhead()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        _source.Add("a", Now.AddSeconds(250));
        await rig.PollAsync();
        Assert.Equal(Now, rig.Cursor.Load()!.Time);

        _clock.Advance(TimeSpan.FromSeconds(5));
        _source.Add("b", Now);
        await rig.PollAsync();

        Assert.Equal(2, _service.Kept.Count);
    }

    [Fact]
    public async Task Poll_SourceClockTwoMinutesAhead_EveryRowArrivesOnce()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        for (var i = 0; i < 100; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            _source.Add("a", Now.AddMinutes(2));
            await rig.PollAsync();
        }

        Assert.Equal(100, _service.Kept.Count);
        Assert.Equal(0, _service.Duplicates);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(30)]
    public async Task Poll_SourceClockTwoMinutesSlowAmongOthers_EveryRowArrivesOnce(int stepSeconds)
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(150));
        for (var i = 0; i < 300 / stepSeconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(stepSeconds));
            _source.Add("right", Now);
            _source.Add("slow", Now.AddMinutes(-2));
            await rig.PollAsync();
        }

        _clock.Advance(TimeSpan.FromMinutes(1));
        await rig.PollAsync();

        Assert.Equal(300 / stepSeconds, _service.Kept.Keys.Count(k => k.Server == "right"));
        Assert.Equal(300 / stepSeconds, _service.Kept.Keys.Count(k => k.Server == "slow"));
        Assert.Equal(0, _service.Duplicates);
    }

    [Fact]
    public async Task Poll_ReadOfTheOverlapFails_TheNextReadGoesOverAllOfIt()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(300));
        _source.Add("right", Now);
        await rig.PollAsync();
        _source.Add("slow", Now.AddSeconds(-150));
        _clock.Advance(TimeSpan.FromSeconds(61));
        _source.Add("right", Now);
        _source.FailAfterPages = 0;
        await Assert.ThrowsAsync<SourceException>(() => rig.PollAsync());

        await rig.PollAsync();

        Assert.Equal(3, _service.Kept.Count);
    }
}
