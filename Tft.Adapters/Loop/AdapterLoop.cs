using System.Diagnostics;
using System.Threading.Channels;
using Tft.Adapters.Cursors;
using Tft.Adapters.Pushing;
using Tft.Adapters.Sources;
using Tft.Adapters.Telemetry;
using Tft.Contract.Records;
using Tft.Contract.Time;

namespace Tft.Adapters.Loop;

/// <summary>
/// Fetch, push, move the cursor; the same for every source. Reading runs at most four pages ahead of what is acknowledged, and the
/// cursor moves page by page after the acknowledgement: a kill at any point repeats rows, and the service knows repeated rows by
/// (server, source, second).
/// </summary>
internal sealed partial class AdapterLoop(
    IMetricSource source, FeedPusher pusher, CursorFile cursors, KnownServers known, AdapterOptions options,
    SourceHealth health, AdapterTelemetry telemetry, MappingView view, TimeProvider clock, ILogger<AdapterLoop> logger)
{
    private const int PagesAhead = 4;

    /// <summary>The whole overlap is read again this often; in between only rows of the last three intervals are.</summary>
    private static readonly TimeSpan s_fullOverlapEvery = TimeSpan.FromMinutes(1);

    /// <summary>How far the clocks of others may be ahead; the service refuses more.</summary>
    private static readonly TimeSpan s_ahead = TimeSpan.FromMinutes(5);

    private readonly RecentlySent _sent = new();
    private readonly RejectionReport _report = new(logger, clock);
    private SourceCursor? _cursor;
    private Overlap? _lastFull;

    /// <summary>One read of everything that is new, after the back-fill where that is due. Returns how many records were settled.</summary>
    /// <exception cref="SourceException">The source can't be read now.</exception>
    /// <exception cref="PushFailedException">The service can't be reached in the tries that were allowed.</exception>
    /// <exception cref="CursorException">The kept cursor can't be trusted.</exception>
    public async Task<int> PollAsync(CancellationToken cancellationToken)
    {
        if (options.DryRun)
            return await DryRunAsync(cancellationToken).ConfigureAwait(false);

        if ((_cursor ??= cursors.Load()) is null)
            Move(FirstContact());
        var cursor = _cursor!;
        var pushed = 0;
        if (cursor.BackfillUntil is { } until)
        {
            pushed = await RunAsync(source.BackfillAsync(new BackfillRange(cursor.Time, until, null), cancellationToken), backfill: true, cancellationToken).ConfigureAwait(false);
            Move(_cursor! with { Time = until, Floor = until, BackfillUntil = null });
        }

        var full = new Overlap(clock.GetUtcNow(), _cursor!.Time);
        var isFull = _lastFull is not { } last || full.At - last.At >= s_fullOverlapEvery || full.At < last.At;
        pushed += await RunAsync(source.ReadAsync(NextRange(_cursor, isFull), cancellationToken), backfill: false, cancellationToken).ConfigureAwait(false);
        // A read that failed has not looked at the whole overlap: the next one does.
        if (isFull)
            _lastFull = full;
        return pushed;
    }

    /// <summary>Without a cursor: everything from 25 h ago to the last closed bucket as means, then rows.</summary>
    private SourceCursor FirstContact()
    {
        var until = TimeGrid.StartOf(TimeGrid.StepOf(clock.GetUtcNow()));
        var backfill = source.HasHistory && options.Backfill > 0;
        var from = backfill ? TimeGrid.StartOf(TimeGrid.StepOf(until - TimeSpan.FromHours(options.Backfill))) : until;
        if (backfill)
            Log.Backfilling(logger, options.Name, options.Backfill);
        return new SourceCursor { Source = options.Name, Time = from, Floor = from, BackfillUntil = backfill ? until : null };
    }

    private ReadRange NextRange(SourceCursor cursor, bool isFull)
    {
        // What turned up right after the last full overlap is older by now: the overlap counts from where the cursor was then. After a start
        // that is not known.
        var settled = (_lastFull?.Cursor ?? cursor.Time - s_fullOverlapEvery) - TimeSpan.FromSeconds(options.Overlap);
        _sent.ForgetBefore(settled - s_ahead);
        var from = isFull ? settled : cursor.Time - TimeSpan.FromSeconds(Math.Min(options.Overlap, 3 * options.Interval));
        return new ReadRange(from < cursor.Floor ? cursor.Floor : from, clock.GetUtcNow() + s_ahead, cursor.Position);
    }

    /// <summary>Reads ahead while earlier pages are pushed.</summary>
    private async Task<int> RunAsync(IAsyncEnumerable<SourcePage> pages, bool backfill, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<Fetched>(new BoundedChannelOptions(PagesAhead) { SingleReader = true, SingleWriter = true });
        var reading = ReadAheadAsync(pages, channel.Writer, stop.Token);
        var pushed = 0;
        try
        {
            await foreach (var fetched in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                pushed += await SettleAsync(fetched, backfill, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Reading ends before anything else may use the source.
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return pushed;
    }

    private async Task ReadAheadAsync(IAsyncEnumerable<SourcePage> pages, ChannelWriter<Fetched> writer, CancellationToken cancellationToken)
    {
        try
        {
            await using var enumerator = pages.GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                // No parent: each page begins a trace of its own, which the service's spans join.
                Activity.Current = null;
                var span = AdapterTelemetry.Source.StartActivity("adapter.fetch", ActivityKind.Internal);
                span?.SetTag("tft.source", options.Name);
                var more = await enumerator.MoveNextAsync().ConfigureAwait(false);
                if (!more || enumerator.Current.Records.Count == 0)
                    Forget(span);
                span?.SetTag("tft.records", more ? enumerator.Current.Records.Count : 0);
                span?.Dispose();
                if (!more)
                    break;
                await writer.WriteAsync(new Fetched(enumerator.Current, span?.Context ?? default), cancellationToken).ConfigureAwait(false);
            }

            writer.Complete();
        }
        catch (Exception e)
        {
            writer.Complete(e is OperationCanceledException or SourceException ? e : new SourceException($"{e.GetType().Name}: {e.Message}", e));
        }
    }

    /// <summary>A read that brought nothing is not worth a trace.</summary>
    private static void Forget(Activity? span)
    {
        if (span is not null)
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    private async Task<int> SettleAsync(Fetched fetched, bool backfill, CancellationToken cancellationToken)
    {
        var page = fetched.Page;
        if (page.Faults.Count > 0)
        {
            telemetry.Faults(page.Faults.Count);
            _report.Faults(page.Faults);
        }

        var records = page.Records.Where(r => !_sent.Contains(r)).ToArray();
        if (options.Verbose)
            view.Show(records);
        health.Fetched(records.Length);
        if (records.Length > 0)
        {
            if (!backfill && source.HasHistory && options.Backfill > 0)
                await BackfillNewcomersAsync(records, cancellationToken).ConfigureAwait(false);
            await PushAsync(records, fetched.Context, cancellationToken).ConfigureAwait(false);
            known.Add(records.Select(r => r.ServerName).Distinct());
        }

        Advance(page);
        return records.Length;
    }

    private async Task PushAsync(MetricRecord[] records, ActivityContext parent, CancellationToken cancellationToken)
    {
        var result = await pusher.PushAsync(records, parent, cancellationToken).ConfigureAwait(false);
        _sent.Add(records);
        health.Pushed(result.Accepted);
        telemetry.Lag(clock.GetUtcNow() - records.Max(r => r.Timestamp));
        _report.Rejected(result.Rejected);
        Log.Forwarded(logger, records.Length);
    }

    /// <summary>A server that turns up later brings its history too, up to the bucket of its first row.</summary>
    private async Task BackfillNewcomersAsync(MetricRecord[] records, CancellationToken cancellationToken)
    {
        var names = records.Select(r => r.ServerName).Where(n => !known.Contains(n)).ToHashSet(StringComparer.Ordinal);
        if (names.Count == 0)
            return;
        var first = records.Where(r => names.Contains(r.ServerName)).Min(r => r.Timestamp);
        var until = TimeGrid.StartOf(TimeGrid.StepOf(first));
        var range = new BackfillRange(TimeGrid.StartOf(TimeGrid.StepOf(until - TimeSpan.FromHours(options.Backfill))), until, names);
        await foreach (var page in source.BackfillAsync(range, cancellationToken).ConfigureAwait(false))
        {
            if (page.Records.Count > 0)
                await PushAsync([.. page.Records], default, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A row from the future must not pull the cursor ahead of now, or everything until then would be skipped.</summary>
    private void Advance(SourcePage page)
    {
        var cursor = _cursor!;
        var now = clock.GetUtcNow();
        var reached = page.Reached is { } r ? (r < now ? r : now) : cursor.Time;
        var time = reached > cursor.Time ? reached : cursor.Time;
        if (time != cursor.Time || (page.Position is not null && page.Position != cursor.Position))
            Move(cursor with { Time = time, Position = page.Position ?? cursor.Position });
    }

    private void Move(SourceCursor cursor)
    {
        cursors.Save(cursor);
        _cursor = cursor;
    }

    /// <summary>Shows what would be sent: the rows of the last five minutes, without touching the cursor.</summary>
    private async Task<int> DryRunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var shown = 0;
        await foreach (var page in source.ReadAsync(new ReadRange(now - s_ahead, now + s_ahead, null), cancellationToken).ConfigureAwait(false))
        {
            _report.Faults(page.Faults);
            view.Show(page.Records);
            shown += page.Records.Count;
        }

        Log.DryRun(logger, shown);
        return shown;
    }

    /// <summary>A read of the whole overlap: when it began, and where the cursor was.</summary>
    private readonly record struct Overlap(DateTimeOffset At, DateTimeOffset Cursor);

    private readonly record struct Fetched(SourcePage Page, ActivityContext Context);

    private static partial class Log
    {
        [LoggerMessage(EventId = 201, Level = LogLevel.Information, Message = "Forwarded {Count} records to TFT daemon")]
        public static partial void Forwarded(ILogger logger, int count);

        [LoggerMessage(EventId = 202, Level = LogLevel.Information, Message = "First contact: back-filling {Hours} h of {Source} on the 5-minute grid")]
        public static partial void Backfilling(ILogger logger, string source, double hours);

        [LoggerMessage(EventId = 203, Level = LogLevel.Information, Message = "Dry run: {Count} records would be pushed; the cursor stays where it is")]
        public static partial void DryRun(ILogger logger, int count);
    }
}
