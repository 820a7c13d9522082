using Tft.Contract.Time;

namespace Tft.Tests.Sources.Distributed;

/// <summary>The faults in their order; each is over when the service holds, bucket by bucket, what the source was given.</summary>
internal sealed class SourceScenario(SourceRun run)
{
    private const int TwoMinutes = 120;
    private const int Surprises = 5;

    /// <summary>Where a row is read when its time has come: so far ahead that this is before the scenario's end.</summary>
    private const int SomeSeconds = 6;

    /// <summary>Its clock is two minutes slow: it has no other live rows.</summary>
    private readonly string _slow = run.Servers[^1];

    /// <summary>Its clock is fast. It has no other live rows either: a store may take none before one that it has.</summary>
    private readonly string _fast = run.Servers[^2];
    private long _floor;

    /// <summary>Time has to pass for each where a source follows the clock.</summary>
    private int RowsAStep => run.Source.FollowsTheClock ? 1 : 2;

    private IEnumerable<string> Punctual => run.Servers.Where(s => s != _slow && s != _fast);

    public async Task PlayAsync()
    {
        await DayAsync();
        var late = run.NextSeconds(RowsAStep);
        await LiveAsync();
        await DoubledAndDisorderedAsync();
        await SurprisedAsync();
        await FastClockAsync();
        await PageCutAsync();
        await SourceRestartedAsync();
        await AdapterKilledWithLateRowsAsync(late);
        await InferenceKilledAsync();

        await run.TimeHasComeAsync();
        await run.AgreesAsync("at the end", whole: true);
        Assert.False(run.HasDeadLetters, "no batch may be put aside");
    }

    /// <summary>A day is read although the adapter is killed in mid-batch and an answer breaks off half way.</summary>
    private async Task DayAsync()
    {
        await run.AddAsync(Day());
        run.Proxy?.CutAfter(run.Source.BytesUntilCut);
        var killed = run.KillAdapterInMidBatch(after: 3);
        await run.StartAppHostAsync();
        await run.AdapterKilledInMidBatchAsync(killed);
        _floor = await run.DayIsReadAsync();
        Assert.Equal(1, run.Proxy?.Cuts ?? 1);
        await run.AgreesAsync("after the back-fill", whole: true);
    }

    private async Task LiveAsync()
    {
        await run.AddAsync(Rows(Punctual, run.NextSeconds(RowsAStep)));
        await run.AgreesAsync("after live rows");
    }

    /// <summary>Every row twice, the newest first.</summary>
    private async Task DoubledAndDisorderedAsync()
    {
        var rows = Rows(Punctual, run.NextSeconds(RowsAStep));
        if (run.Source.KeepsDuplicates)
            rows = [.. rows, .. rows];
        await run.AddAsync(run.Source.TakesLateRows ? [.. rows.Reverse()] : rows);
        await run.AgreesAsync("after doubled rows in no order");
    }

    private async Task SurprisedAsync()
    {
        var second = run.NextSeconds(1);
        run.Expect(await run.Source.AddSurprisesAsync(Rows(run.Servers.Take(Surprises), second)));
        await run.AddAsync(Rows(Punctual.Skip(Surprises), second));
        await run.AgreesAsync("after rows of another shape");
    }

    /// <summary>A server is up to two minutes ahead. A source that is read by the adapter's clock shows such a row when its time has come.</summary>
    private async Task FastClockAsync()
    {
        var now = run.NextSeconds(1)[0];
        if (run.Source.FollowsTheClock)
        {
            var ahead = now + SomeSeconds;
            await run.AddAheadAsync(Rows([_fast], [ahead % TimeGrid.StepSeconds == HeldBuckets.Probe ? ahead + 1 : ahead]));
            return;
        }

        var endOfBucket = TimeGrid.StartSeconds(TimeGrid.StepOf(DateTimeOffset.FromUnixTimeSeconds(now)) + 1) - 1;
        await run.AddAsync([.. Rows([_fast], [Math.Min(now + TwoMinutes, endOfBucket)]), .. Rows([.. Punctual, _fast], [now])]);
        await run.AgreesAsync("after rows of a fast clock");
    }

    private async Task PageCutAsync()
    {
        if (run.Proxy is not { } proxy)
        {
            await HalfARowAsync();
            return;
        }

        var before = proxy.Cuts;
        proxy.CutAfter(500);
        await run.AddAsync(Rows(Punctual, run.NextSeconds(RowsAStep)));
        await run.AgreesAsync("after an answer that was cut");
        Assert.Equal(before + 1, proxy.Cuts);
    }

    private async Task HalfARowAsync()
    {
        var rows = Rows(Punctual, run.NextSeconds(RowsAStep));
        if (run.Source.AddAllButHalfARowAsync(rows) is not { } adding)
            return;
        var finish = await adding;
        run.Expect([.. rows.SkipLast(1)]);
        await run.AgreesAsync("after half a row");
        await finish();
        run.Expect([rows[^1]]);
        await run.AgreesAsync("after its other half");
    }

    private async Task SourceRestartedAsync()
    {
        await run.RestartSourceAsync(run.Source.TakesRowsWhileStopped ? Rows(Punctual, run.NextSeconds(RowsAStep)) : []);
        await run.AddAsync(Rows(Punctual, run.NextSeconds(RowsAStep)));
        await run.AgreesAsync("after the source was stopped and started");
    }

    /// <summary>Killed while a batch is on the wire. Meanwhile rows turn up that are older than what has been read, and of a clock that is two minutes slow.</summary>
    private async Task AdapterKilledWithLateRowsAsync(IReadOnlyList<long> late)
    {
        var killed = run.KillAdapterInMidBatch(after: 0);
        var seconds = run.NextSeconds(RowsAStep);
        await run.AddAsync(Rows(Punctual, seconds));
        if (run.Source.TakesLateRows)
            await run.AddAsync(Rows(Punctual.Take(10), late));
        await run.AddAsync(Rows([_slow], [.. seconds.Select(s => Math.Max(_floor + 2, s - TwoMinutes)).Distinct()]));
        await run.AdapterKilledInMidBatchAsync(killed);
        await run.AgreesAsync("after the adapter was killed in mid-batch, with late rows");
    }

    private async Task InferenceKilledAsync()
    {
        var killed = run.KillInferenceInMidBatch();
        await run.AddAsync(Rows(Punctual, run.NextSeconds(RowsAStep)));
        await run.InferenceKilledInMidBatchAsync(killed);
        await run.AgreesAsync("after the service was killed in mid-batch");
    }

    /// <summary>
    /// Two rows of each server in every bucket of the last 26 hours but the open one, oldest first; of some servers the first of the two is there
    /// twice, which would weigh twice in the bucket's mean.
    /// </summary>
    private IReadOnlyList<Sample> Day()
    {
        var twice = run.Source.KeepsDuplicates ? run.Servers.Take(5) : [];
        var open = TimeGrid.StepOf(DateTimeOffset.UtcNow);
        return
        [
            .. Enumerable.Range(0, 26 * 12).Select(i => TimeGrid.StartSeconds(open - (26 * 12) + i))
                .SelectMany(start => (Sample[])[.. Rows([.. run.Servers, .. twice], [start]), .. Rows(run.Servers, [start + 150])]),
        ];
    }

    private static IReadOnlyList<Sample> Rows(IEnumerable<string> servers, IReadOnlyList<long> seconds) =>
        [.. seconds.SelectMany(second => servers.Select(server => Sample.Of(server, second)))];
}
