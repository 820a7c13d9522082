using System.Collections.Concurrent;
using Tft.Inference.Windows;

namespace Tft.Inference.Journal;

/// <summary>
/// The one writer of journal and windows. Batches that come together are kept in one append (group commit) and then applied in the order of
/// the log, so a batch that was not kept has changed nothing, and replay sees what the windows saw. The request that finds nobody at work
/// does the work on its own thread, for itself and those that come meanwhile.
/// </summary>
internal sealed partial class Committer(FleetWindows windows, IJournal journal, ILogger<Committer> logger) : IJournalTarget
{
    private const int MaxGroup = 64;
    private const int MaxGroupBytes = 16 << 20;

    private readonly ConcurrentQueue<CommitItem> _queue = new();
    private readonly List<CommitItem> _group = [];
    private readonly List<Memory<byte>> _entries = [];
    private volatile string _whyClosed = "is still being read";
    private long _sequence;
    private long _applied;
    private long _waiting;
    private int _busy;
    private int _open;

    /// <summary>Said once, not with every batch.</summary>
    private bool _away;

    /// <summary>True once recovery is through.</summary>
    public bool IsOpen => Volatile.Read(ref _open) == 1;

    /// <summary>True while recovery is at work for the first time; once the store was found to be away, the service runs without it.</summary>
    public bool IsReading { get; private set; } = true;

    /// <summary>Sequence number of the last entry applied.</summary>
    public long Applied => Interlocked.Read(ref _applied);

    /// <summary>Records that wait for the journal.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>Recovery: everything that is kept, into the windows.</summary>
    /// <exception cref="JournalUnavailableException">Not now; call again.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            _sequence = await journal.OpenAsync(this, cancellationToken);
            Interlocked.Exchange(ref _applied, _sequence);
            Volatile.Write(ref _open, 1);
        }
        catch (JournalUnavailableException e)
        {
            _whyClosed = e.Message;
            throw;
        }
        finally
        {
            IsReading = false;
        }
    }

    /// <summary>Keeps and applies a batch; when this returns it is acknowledged.</summary>
    /// <exception cref="JournalUnavailableException">It is not kept, and the windows are as before.</exception>
    public async ValueTask<ApplyResult> CommitAsync(CommitItem item)
    {
        if (!IsOpen)
            throw new JournalUnavailableException(_whyClosed);
        Interlocked.Add(ref _waiting, item.Records);
        await EnqueueAsync(item);
        return item.Result;
    }

    /// <summary>Runs in turn with the batches: what changes windows without an entry of its own.</summary>
    public async Task RunAsync(Action<FleetWindows> work) => await EnqueueAsync(new CommitItem { Work = work });

    public void Restore(ReadOnlySpan<byte> partitionImage) => PartitionImage.Read(windows, partitionImage);

    public void Replay(ReadOnlySpan<byte> entry) => windows.Apply(entry, []);

    private async ValueTask EnqueueAsync(CommitItem item)
    {
        _queue.Enqueue(item);
        if (Interlocked.CompareExchange(ref _busy, 1, 0) == 0)
            await LeadAsync(item);
        await item.Task;
    }

    /// <summary>Works until its own item is done, then hands over to the pool, so that no request works for the others for ever.</summary>
    private async ValueTask LeadAsync(CommitItem? own)
    {
        do
        {
            while (TakeGroup())
            {
                await CommitGroupAsync();
                if (own is { IsCompleted: true } && !_queue.IsEmpty)
                {
                    _ = Task.Run(() => LeadAsync(null).AsTask());
                    return;
                }
            }

            Volatile.Write(ref _busy, 0);
        }
        while (!_queue.IsEmpty && Interlocked.CompareExchange(ref _busy, 1, 0) == 0);
    }

    private bool TakeGroup()
    {
        _group.Clear();
        var bytes = 0;
        while (_group.Count < MaxGroup && bytes < MaxGroupBytes && _queue.TryDequeue(out var item))
        {
            _group.Add(item);
            bytes += item.Entry.Length;
            Interlocked.Add(ref _waiting, -item.Records);
        }

        return _group.Count > 0;
    }

    private async ValueTask CommitGroupAsync()
    {
        try
        {
            if (Prepare())
            {
                if (!journal.IsUsable)
                    await RepairAsync();
                Number();
                await journal.AppendAsync(_entries, default);
            }
        }
        catch (Exception e)
        {
            // every request of the group gets its answer, whatever went wrong
            var why = e as JournalUnavailableException ?? new JournalUnavailableException("failed", e);
            if (e is not JournalUnavailableException)
                LogFailed(e);
            else if (!_away)
                LogAway(journal.Kind, e.Message);
            _away = true;
            foreach (var item in _group)
            {
                if (item.Work is null)
                    item.Fail(why);
                else
                    Apply(item);
            }

            return;
        }

        foreach (var item in _group)
            Apply(item);
    }

    /// <summary>Looks at the limit of servers; true if there is something to append.</summary>
    private bool Prepare()
    {
        _entries.Clear();
        var records = 0;
        foreach (var item in _group)
        {
            records += item.Records;
            if (item.Work is null)
                _entries.Add(item.Entry);
        }

        if (windows.MayExceedServers(records))
        {
            HashSet<string> admitted = new(StringComparer.Ordinal);
            foreach (var entry in _entries)
            {
                if (Entry.Kind(entry.Span) == Entry.Samples)
                    windows.RefuseNewServers(entry.Span, admitted);
            }
        }

        return _entries.Count > 0;
    }

    /// <summary>Numbers are never used twice, not even those of appends that failed.</summary>
    private void Number()
    {
        foreach (var entry in _entries)
            Entry.SetSequence(entry.Span, ++_sequence);
    }

    private async ValueTask RepairAsync()
    {
        _sequence = await journal.RepairAsync(this, ++_sequence, default);
        LogRepaired(journal.Kind);
        _away = false;
    }

    private void Apply(CommitItem item)
    {
        try
        {
            if (item.Work is { } work)
            {
                work(windows);
                item.Complete(default);
                return;
            }

            var result = windows.Apply(item.Entry.Span, item.Verdicts.Span, item.Span);
            Interlocked.Exchange(ref _applied, Entry.Sequence(item.Entry.Span));
            item.Complete(result);
        }
        catch (Exception e)
        {
            LogFailed(e);
            item.Fail(e);
        }
    }

    [LoggerMessage(2211, LogLevel.Error, "Journal: a batch failed")]
    private partial void LogFailed(Exception e);

    [LoggerMessage(2213, LogLevel.Warning, "Journal ({Kind}) {Why}; /feed answers 503 until it is back")]
    private partial void LogAway(string kind, string why);

    [LoggerMessage(2212, LogLevel.Information, "Journal ({Kind}) is usable again")]
    private partial void LogRepaired(string kind);
}
