namespace Tft.Tests.Adapters;

/// <summary>The loop: history on first contact.</summary>
[Trait("Ring", "component")]
public sealed class BackfillTests : LoopTests
{
    [Fact]
    public async Task Poll_FirstContact_BackfillsTwentyFiveHoursOnTheGridThenRows()
    {
        for (var at = Now.AddHours(-26); at <= Now; at = at.AddMinutes(1))
            _source.Add("a", at);
        _clock.Advance(TimeSpan.FromSeconds(90));
        using var rig = Rig();

        await rig.PollAsync();

        // 300 buckets of means (25 h), then the one row of the open bucket.
        Assert.Equal(301, _service.Kept.Count);
        Assert.All(_service.Kept.Keys, k => Assert.Equal(0, k.Time.ToUnixTimeSeconds() % 300));
        var oldest = _service.Kept.Keys.Min(k => k.Time);
        Assert.Equal(Now.AddSeconds(-90).AddHours(-25), oldest);
        Assert.Equal(0, _service.Duplicates);
    }

    [Fact]
    public async Task Poll_ServerTurnsUpLater_BringsItsOwnHistoryAndOnlyOnce()
    {
        for (var at = Now.AddHours(-25); at < Now; at = at.AddMinutes(1))
            _source.Add("old", at);
        using var rig = Rig();
        await rig.PollAsync();
        for (var at = Now.AddHours(-2); at < Now; at = at.AddMinutes(1))
            _source.Add("new", at);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _source.Add("new", Now);

        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        _source.Add("new", Now);
        await rig.PollAsync();

        // All means of two hours, and two rows.
        Assert.Equal(24 + 2, _service.Kept.Keys.Count(k => k.Server == "new"));
        Assert.Equal(2, _source.Backfills.Count);
        Assert.Equal(["new"], _source.Backfills[1].Servers!);
    }

    [Fact]
    public async Task Poll_RestartedInMidBackfill_GoesOnWhereItWas()
    {
        for (var at = Now.AddHours(-25); at < Now; at = at.AddMinutes(5))
            _source.Add("a", at);
        using (var first = Rig())
        {
            using var stop = new CancellationTokenSource();
            for (var i = 0; i < 100; i++)
                _service.Next((_, _) => Task.FromResult(false));
            _service.Next(async (_, _) =>
            {
                await stop.CancelAsync();
                return false;
            });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.PollAsync(stop.Token));
            Assert.NotNull(first.Cursor.Load()!.BackfillUntil);
        }

        using var second = Rig();
        await second.PollAsync();

        Assert.Equal(300, _service.Kept.Count);
        Assert.InRange(_service.Duplicates, 0, 1);
    }
}
