using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tft.Adapters.Cursors;
using Tft.Adapters.Pushing;
using Tft.Adapters.Sources;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Adapters;

[Trait("Ring", "component")]
public sealed class AdapterLoopTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TempFolder _folder = new();
    private readonly ScriptedSource _source = new();
    private FakeInference _service = null!;

    private DateTimeOffset Now => _clock.GetUtcNow();

    public async Task InitializeAsync() => _service = await FakeInference.StartAsync();

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

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
    public async Task Poll_RowsInOrder_EachIsPushedOnceAndTheCursorFollows()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        for (var i = 0; i < 60; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            _source.Add("a", Now);
            _source.Add("b", Now);
            await rig.PollAsync();
        }

        Assert.Equal(120, _service.Kept.Count);
        Assert.Equal(0, _service.Duplicates);
        Assert.Equal(Now, rig.Cursor.Load()!.Time);
        Assert.All(_service.Requests, r => Assert.Equal("test", r.Source));
    }

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
    public async Task Poll_SourceFailsHalfWay_CursorStandsAtTheLastAcknowledgedPageAndNothingIsLost()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(100));
        for (var i = 99; i >= 0; i--)
            _source.Add("a", Now.AddSeconds(-i));
        _source.FailAfterPages = 3;

        await Assert.ThrowsAsync<SourceException>(() => rig.PollAsync());
        Assert.Equal(Now.AddSeconds(-70), rig.Cursor.Load()!.Time);
        await rig.PollAsync();

        Assert.Equal(100, _service.Kept.Count);
    }

    [Fact]
    public async Task Poll_ServiceKeepsTheBatchButTheAnswerIsLost_TheRepeatIsADuplicateAndNothingIsDoubled()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        _source.Add("a", Now);
        _service.NextKeptButCut();

        await rig.PollAsync();

        Assert.Single(_service.Kept);
        Assert.Equal(1, _service.Duplicates);
        Assert.Equal(Now, rig.Cursor.Load()!.Time);
    }

    [Fact]
    public async Task Poll_KilledBetweenPushAndCursor_RestartRepeatsAndLosesNothing()
    {
        using (var first = Rig(backfill: 0))
        {
            await first.PollAsync();
            _clock.Advance(TimeSpan.FromSeconds(50));
            for (var i = 49; i >= 0; i--)
                _source.Add("a", Now.AddSeconds(-i));
            var before = File.ReadAllBytes(first.Cursor.Path);
            await first.PollAsync();
            // As if the process had died before the cursor was written.
            await File.WriteAllBytesAsync(first.Cursor.Path, before);
        }

        using var second = Rig(backfill: 0);
        await second.PollAsync();

        Assert.Equal(50, _service.Kept.Count);
        Assert.Equal(50, _service.Duplicates);
    }

    [Fact]
    public async Task Poll_ServiceIsAway503_WaitsAsLongAsRetryAfterSaysThenGoesOn()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        _source.Add("a", Now);
        _service.NextStatus(503, "journal_unavailable", retryAfter: "1");

        await rig.PollAsync();

        var requests = _service.Requests.ToArray();
        Assert.Equal(2, requests.Length);
        // The longest pause of this rig is 50 ms: only Retry-After explains a second.
        Assert.True(requests[1].At - requests[0].At >= TimeSpan.FromSeconds(0.95), $"{requests[1].At - requests[0].At}");
        Assert.Single(_service.Kept);
    }

    [Fact]
    public async Task Poll_ServiceHangs_TimesOutAndTriesAgain()
    {
        using var rig = new LoopRig(_source, _service.Url, _clock, _folder, o => { o.Backfill = 0; o.Timeout = 0.2; });
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        _source.Add("a", Now);
        _service.Next(async (context, _) =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        });

        await rig.PollAsync();

        Assert.Single(_service.Kept);
    }

    [Fact]
    public async Task Poll_BatchRefusedForGood_GoesToTheDeadLettersAndTheLoopGoesOn()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        _source.Add("a", Now);
        _service.NextStatus(400, "none_acceptable");
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        _source.Add("b", Now);
        await rig.PollAsync();

        var line = Assert.Single(await File.ReadAllLinesAsync(rig.DeadLetters.Path));
        Assert.Contains("\"code\":\"none_acceptable\"", line, StringComparison.Ordinal);
        Assert.Contains("\"server_name\":\"a\"", line, StringComparison.Ordinal);
        Assert.Equal("b", Assert.Single(_service.Kept).Key.Server);
    }

    [Fact]
    public async Task Poll_RefusedOnlyAsTooLate_IsARepeatedBackfillAndNoDeadLetter()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        _source.Add("a", Now);
        _service.NextStatus(400, "none_acceptable", rejected: [new { index = 0, server_name = "a", code = "too_late", field = "timestamp", message = "late" }]);

        await rig.PollAsync();

        Assert.False(File.Exists(rig.DeadLetters.Path));
    }

    [Fact]
    public async Task Push_BatchTooLarge_IsHalvedUntilItFits()
    {
        using var rig = Rig(backfill: 0);
        var records = Enumerable.Range(0, 8).Select(i => ScriptedSource.Row("a", Now.AddSeconds(i))).ToArray();
        _service.NextStatus(413, "too_large");
        _service.NextStatus(413, "too_large");

        var result = await rig.Pusher.PushAsync(records, default, CancellationToken.None).DefaultTimeout();

        Assert.Equal(8, result.Accepted);
        Assert.Equal([8, 4, 2, 2, 4], _service.Requests.Select(r => r.Records));
    }

    [Fact]
    public async Task Push_WrongKey_WaitsAndLosesNothing()
    {
        using var rig = Rig(backfill: 0);
        _service.NextStatus(403, "bad_key");

        var result = await rig.Pusher.PushAsync([ScriptedSource.Row("a", Now)], default, CancellationToken.None).DefaultTimeout();

        Assert.Equal(1, result.Accepted);
        Assert.False(File.Exists(rig.DeadLetters.Path));
    }

    [Fact]
    public async Task Push_OnceAndServiceDown_GivesUpWithAReason()
    {
        using var rig = new LoopRig(_source, $"http://127.0.0.1:{Ports.Free()}", _clock, _folder, o => o.Once = true);

        var e = await Assert.ThrowsAsync<PushFailedException>(() => rig.Pusher.PushAsync([ScriptedSource.Row("a", Now)], default, CancellationToken.None).DefaultTimeout());

        Assert.Contains("POST /feed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_PushIsStuck_ReadingStopsAFewPagesAhead()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(1000));
        for (var i = 999; i >= 0; i--)
            _source.Add("a", Now.AddSeconds(-i));
        var stuck = new TaskCompletionSource();
        _service.Next(async (_, _) =>
        {
            await stuck.Task.DefaultTimeout();
            return false;
        });

        var poll = rig.PollAsync();
        await Eventually.True(() => _service.Requests.Count == 1 && _source.PagesGiven >= 6);
        // nothing can be waited for where nothing may happen: a loop that reads on has read all pages in this time
        await Task.Delay(100);
        Assert.InRange(_source.PagesGiven, 6, 7);
        stuck.SetResult();
        await poll;

        Assert.Equal(1000, _service.Kept.Count);
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

    [Fact]
    public async Task Poll_CursorFileDamaged_SaysWhatToDo()
    {
        await File.WriteAllTextAsync(_folder.File("test.cursor.json"), "{\"source\": \"te");
        using var rig = Rig();

        var e = await Assert.ThrowsAsync<CursorException>(() => rig.PollAsync());

        Assert.Contains("test.cursor.json", e.Message, StringComparison.Ordinal);
        Assert.Contains("Delete it", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_CursorOfAnotherSource_IsRefused()
    {
        new CursorFile(_folder.File("test.cursor.json"), "other").Save(new SourceCursor { Source = "other", Time = Now, Floor = Now });
        using var rig = Rig();

        var e = await Assert.ThrowsAsync<CursorException>(() => rig.PollAsync());

        Assert.Contains("'other'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_DryRun_PushesNothingAndLeavesNoCursor()
    {
        _source.Add("a", Now);
        using var rig = new LoopRig(_source, _service.Url, _clock, _folder, o => o.DryRun = true);

        await rig.PollAsync();

        Assert.Empty(_service.Requests);
        Assert.False(File.Exists(rig.Cursor.Path));
        Assert.Contains("missing (13 of 14)", rig.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_Traced_FetchPushAndTheServicesRequestAreOneTrace()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Tft.Adapters" or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        _source.Add("a", Now);

        await rig.PollAsync();

        // Other tests' spans come by as well: this one's is the trace of the request.
        var request = Assert.Single(_service.Requests).TraceParent;
        var mine = spans.Where(s => request.Contains(s.TraceId.ToHexString(), StringComparison.Ordinal)).ToList();
        var push = Assert.Single(mine, s => s.OperationName == "adapter.push");
        var fetch = Assert.Single(mine, s => s.OperationName == "adapter.fetch");
        Assert.Equal(fetch.SpanId, push.ParentSpanId);
        Assert.Equal("test", push.GetTagItem("tft.source"));
        Assert.Equal(1, push.GetTagItem("tft.records"));
    }

    [Fact]
    public async Task CheckHealth_SourceSilentForTenIntervals_IsDegraded()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        Assert.Equal(HealthStatus.Healthy, (await rig.Health.CheckHealthAsync(null!)).Status);

        _clock.Advance(TimeSpan.FromSeconds(51));

        var silent = await rig.Health.CheckHealthAsync(null!);
        Assert.Equal(HealthStatus.Degraded, silent.Status);
        Assert.Contains("51 s", silent.Description, StringComparison.Ordinal);
        _source.Add("a", Now);
        await rig.PollAsync();
        Assert.Equal(HealthStatus.Healthy, (await rig.Health.CheckHealthAsync(null!)).Status);
    }

    private LoopRig Rig(double backfill = 25) => new(_source, _service.Url, _clock, _folder, o => o.Backfill = backfill);
}
