using System.Diagnostics;
using Tft.Contract.Messages;
using Tft.Contract.Problems;
using Tft.Contract.Records;
using Tft.Inference.Journal;
using Tft.Inference.Windows;

namespace Tft.Inference.Feed;

/// <summary>A batch from its bytes to its answer: read, keep, apply, tell. Knows nothing of HTTP.</summary>
internal sealed class FeedIntake(
    Committer committer, FleetWindows windows, IJournal journal, IngestOptions options, FeedTelemetry telemetry, TimeProvider clock)
{
    private const int RetryAfterSeconds = 5;

    private readonly RecordRules _rules = new(options.Calendar);
    private readonly RecordRules _rules1 = new(options.Calendar, TakesContract1: true);
    private long _accepted;
    private long _failed;

    /// <summary>Accepted requests since start.</summary>
    public long AcceptedRequests => Interlocked.Read(ref _accepted);

    /// <summary>Refused requests since start, those over the limit of a sender among them.</summary>
    public long FailedRequests => Interlocked.Read(ref _failed);

    public void CountFailed() => Interlocked.Increment(ref _failed);

    /// <summary>Null where the answer stands in <see cref="FeedWork.Answer"/>, else why the batch was not taken.</summary>
    /// <param name="work">With the body read.</param>
    /// <param name="source">Who sends.</param>
    /// <param name="contract1">True for /feed/data.</param>
    public async ValueTask<Problem?> AcceptAsync(FeedWork work, string source, bool contract1)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (Read(work, source, now, contract1, out var received, out var contract1Metrics) is { } fault)
            return fault;

        var result = default(ApplyResult);
        if (work.Entry.Count > 0)
        {
            using var span = FeedTelemetry.Spans.StartActivity("window.append");
            var item = new CommitItem
            {
                Entry = work.Entry.Written,
                Records = work.Entry.Count,
                Verdicts = work.Verdicts(received),
                Span = span?.Context ?? default,
            };
            try
            {
                result = await committer.CommitAsync(item);
            }
            catch (JournalUnavailableException e)
            {
                span?.SetStatus(ActivityStatusCode.Error, e.Message);
                return Problem.JournalUnavailable(journal.Kind, e.Message, RetryAfterSeconds);
            }

            if (result.Refused > 0)
                FeedAnswer.AddRefused(work.Rejected, work.Entry.Written.Span, item.Verdicts.Span, options.MaxServers);
            span?.SetTag("tft.records", work.Entry.Count);
        }

        Count(work, source, result, now);
        if (result.Accepted + result.Duplicates == 0)
            return Problem.NoneAcceptable(received, [.. work.Rejected]);

        var tick = Interlocked.Increment(ref _accepted);
        FeedAnswer.Write(work, received, result, windows.WarmupProgress, contract1 ? Contract1(tick, contract1Metrics) : null);
        return null;
    }

    private Problem? Read(FeedWork work, string source, long nowMs, bool contract1, out int received, out int contract1Metrics)
    {
        var reader = new RecordBatchReader(work.Body, contract1 ? _rules1 : _rules, nowMs / 1_000, wrapped: contract1);
        var entry = work.Entry;
        entry.Start(Entry.Samples, source, nowMs);
        while (reader.Read())
        {
            if (reader.Rejected is { } rejected)
                work.Rejected.Add(rejected);
            else
                entry.Add(reader.Index, reader.Name, reader.Seconds, reader.State, reader.Profile is { } p ? (byte)p : Entry.NoProfile, in reader.Values);
        }

        received = reader.Received;
        contract1Metrics = reader.Contract1Metrics;
        return reader.Malformed?.ToProblem() ?? (reader.TooMany ? Problem.TooLarge() : null);
    }

    private void Count(FeedWork work, string sourceName, in ApplyResult result, long nowMs)
    {
        var source = windows.Sources.Get(System.Text.Encoding.UTF8.GetBytes(sourceName));
        source.CountPush(result.Accepted + result.Duplicates, nowMs);
        telemetry.Taken(sourceName, result.Accepted, result.Duplicates);
        if (work.Rejected.Count == 0)
            return;
        foreach (var (code, records) in work.Rejected.CountBy(r => r.Code))
        {
            source.CountRejected(code, records);
            telemetry.Rejected(sourceName, code, records);
        }
    }

    private FeedDataResponse Contract1(long tick, int metrics) => new()
    {
        Status = "accepted",
        Received = 0,
        Accepted = 0,
        Duplicates = 0,
        Rejected = [],
        Tick = tick,
        WindowSize = windows.ClosedSteps,
        ServersTracked = windows.Active,
        ServersReady = windows.Ready,
        WarmupComplete = windows.Active > 0 && windows.Ready == windows.Active,
        Warnings = metrics > 0 ? [FeedAnswer.Contract1Warning(metrics)] : [],
    };
}
