using System.Text;
using Tft.Adapters.Pushing;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Adapters;

/// <summary>The loop: what becomes of a batch.</summary>
[Trait("Ring", "component")]
public sealed class PushingTests : LoopTests
{
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

    [Theory]
    [InlineData("<html>sign in</html>")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task Poll_AnotherProgramAnswers200_NothingCountsAsAcknowledged(string body)
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        var before = rig.Cursor.Load()!.Time;
        _clock.Advance(TimeSpan.FromSeconds(5));
        _source.Add("a", Now);
        _service.Next(async (context, _) =>
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
            return true;
        });

        var failure = await Assert.ThrowsAsync<PushFailedException>(() => rig.PollAsync());

        Assert.Contains("proxy", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, rig.Cursor.Load()!.Time);
        await rig.PollAsync();
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
}
