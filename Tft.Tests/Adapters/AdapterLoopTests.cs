using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tft.Adapters.Sources;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Adapters;

/// <summary>The loop: from what is read to the cursor.</summary>
[Trait("Ring", "component")]
public sealed class AdapterLoopTests : LoopTests
{
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
}
