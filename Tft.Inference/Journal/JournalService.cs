using Tft.Inference.Feed;
using Tft.Inference.LongHistory;
using Tft.Inference.Windows;

namespace Tft.Inference.Journal;

/// <summary>
/// Everything about the journal that no request does: recovery at start, and every second the closing of buckets whose grace is over,
/// the flush to disk, retirement, and now and then the snapshots.
/// </summary>
internal sealed partial class JournalService(
    Committer committer, FleetWindows windows, IJournal journal, IngestOptions options, PastStore past, TimeProvider clock, ILogger<JournalService> logger) : BackgroundService
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    /// <summary>Snapshots of a large fleet are worth their writing only when the log has grown; but not later than this.</summary>
    private static readonly TimeSpan s_snapshotAtLatest = TimeSpan.FromMinutes(30);

    private readonly EntryBuilder _retired = new();
    private readonly ImageWriter _image = new();
    private DateTimeOffset _lastSnapshot;
    private long _lastImageBytes;
    private Task _snapshot = Task.CompletedTask;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        journal.Claim();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        LogChosen(journal.Kind, options.Redis is null ? "no connection string 'redis' is configured" : "the connection string 'redis' is configured", journal.Durability == Durability.Disk ? "the machine" : "any process");
        try
        {
            await RecoverAsync(stoppingToken);
            using var timer = new PeriodicTimer(s_second, clock);
            do
            {
                await TickAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the end
        }

        await _snapshot.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RecoverAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                var started = clock.GetTimestamp();
                await Task.Run(() => committer.OpenAsync(stoppingToken), stoppingToken);
                _lastSnapshot = clock.GetUtcNow();
                LogRecovered(windows.Active, windows.ClosedSteps, clock.GetElapsedTime(started).TotalSeconds);
                return;
            }
            catch (JournalUnavailableException e)
            {
                LogNotYet(journal.Kind, e.Message);
                await Task.Delay(s_second, clock, stoppingToken);
            }
        }
    }

    private async Task TickAsync(CancellationToken stoppingToken)
    {
        try
        {
            var now = (uint)clock.GetUtcNow().ToUnixTimeSeconds();
            await committer.RunAsync(w => w.CloseDue(now));
            if (journal.Durability == Durability.Process)
                journal.Sync();
            await RetireAsync(now);
            if (_snapshot.IsCompleted && IsSnapshotDue())
                _snapshot = Task.Run(() => SnapshotAsync(stoppingToken), stoppingToken);
        }
        catch (Exception e) when (e is JournalUnavailableException or IOException)
        {
            // said to every feeder anyway; the next tick tries again
            LogTickFailed(e.Message);
        }
    }

    private bool IsSnapshotDue()
    {
        if (journal.WantsSnapshot)
            return journal.IsUsable;
        var age = clock.GetUtcNow() - _lastSnapshot;
        return journal.LogBytes > 0 && age >= options.SnapshotInterval && (journal.LogBytes >= _lastImageBytes / 2 || age >= s_snapshotAtLatest);
    }

    private async Task RetireAsync(uint now)
    {
        for (var server = windows.NextToRetire(-1, now); server >= 0; server = windows.NextToRetire(server, now))
        {
            _retired.Start(Entry.Retire, "", now * 1_000L);
            _retired.Add(0, windows.Names.Utf8(server), now, Contract.Servers.ServerState.Missing, Entry.NoProfile, Contract.Metrics.MetricValues.Missing);
            await committer.CommitAsync(new CommitItem { Entry = _retired.Written, Records = 1 });
            LogRetired(windows.Names.Name(server));
        }
    }

    private async Task SnapshotAsync(CancellationToken stoppingToken)
    {
        try
        {
            var started = clock.GetTimestamp();
            var covered = committer.Applied;
            var (servers, bytes) = (0, 0L);
            for (var partition = 0; partition < Partitions.Count; partition++)
            {
                stoppingToken.ThrowIfCancellationRequested();
                servers += PartitionImage.Write(windows, partition, covered, _image);
                bytes += _image.Length;
                // what left these windows is not in the image, and once the log is trimmed nothing hands it over again
                past.Flush();
                await journal.SaveSnapshotAsync(partition, _image.Written, stoppingToken);
            }

            await journal.TrimAsync(covered, stoppingToken);
            _lastImageBytes = bytes;
            LogSnapshot(servers, bytes, clock.GetElapsedTime(started).TotalSeconds);
        }
        catch (Exception e) when (e is JournalUnavailableException or IOException or UnauthorizedAccessException)
        {
            LogSnapshotFailed(e.Message);
        }
        finally
        {
            _lastSnapshot = clock.GetUtcNow();
        }
    }

    [LoggerMessage(2231, LogLevel.Information, "Journal: {Kind}, because {Why}; acknowledged records survive the death of {Durability}")]
    private partial void LogChosen(string kind, string why, string durability);

    [LoggerMessage(2232, LogLevel.Information, "Loaded {Steps} records from disk: the closed steps of {Servers} servers, in {Seconds:0.00} s")]
    private partial void LogRecovered(int servers, long steps, double seconds);

    [LoggerMessage(2233, LogLevel.Warning, "Journal ({Kind}) {Why}; trying again")]
    private partial void LogNotYet(string kind, string why);

    [LoggerMessage(2234, LogLevel.Warning, "Journal: {Why}")]
    private partial void LogTickFailed(string why);

    [LoggerMessage(2235, LogLevel.Information, "Server {Name} was silent for a week and is retired")]
    private partial void LogRetired(string name);

    [LoggerMessage(2236, LogLevel.Information, "Journal: snapshot of {Servers} servers, {Bytes} bytes, in {Seconds:0.00} s")]
    private partial void LogSnapshot(int servers, long bytes, double seconds);

    [LoggerMessage(2237, LogLevel.Error, "Journal: the snapshot failed, the log is kept: {Why}")]
    private partial void LogSnapshotFailed(string why);
}
