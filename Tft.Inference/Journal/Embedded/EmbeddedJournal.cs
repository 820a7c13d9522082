namespace Tft.Inference.Journal.Embedded;

/// <summary>
/// The journal in files of a folder: segments of the log, one after the other, and a snapshot for each partition. A lock file keeps a second
/// process out. All partitions share one log, so that a batch is one write whatever servers it has.
/// </summary>
internal sealed partial class EmbeddedJournal : IJournal
{
    /// <summary>A segment is replaced when it has grown to this.</summary>
    public const long DefaultSegmentBytes = 64L << 20;

    private readonly string _folder;
    private readonly WriteBlocks _write;
    private readonly long _segmentBytes;
    private readonly ILogger<EmbeddedJournal> _logger;
    private readonly Lock _segmentGate = new();
    private FileStream? _lock;
    private SegmentWriter? _segment;
    private long _logBytes;
    private bool _dirty;

    /// <param name="folder">Made if it is not there.</param>
    /// <param name="durability">What acknowledged promises.</param>
    /// <param name="logger">Says what recovery found.</param>
    /// <param name="segmentBytes">A segment is replaced when it has grown to this.</param>
    /// <param name="write">How blocks get into a file; a test's disk may be full.</param>
    public EmbeddedJournal(string folder, Durability durability, ILogger<EmbeddedJournal> logger, long segmentBytes = DefaultSegmentBytes, WriteBlocks? write = null)
    {
        _folder = folder;
        Durability = durability;
        _logger = logger;
        _segmentBytes = segmentBytes;
        _write = write ?? RandomAccess.Write;
    }

    public string Kind => "embedded";

    public Durability Durability { get; }

    public bool IsUsable { get; private set; } = true;

    public long LogBytes => Interlocked.Read(ref _logBytes);

    public bool WantsSnapshot => false;

    public void Claim() => TakeLock();

    public Task<long> OpenAsync(IJournalTarget target, CancellationToken cancellationToken)
    {
        try
        {
            TakeLock();
            Snapshots.RestoreAll(_folder, target, LogDamagedSnapshot);
            var last = ReplayAll(target);
            cancellationToken.ThrowIfCancellationRequested();
            _segment = SegmentWriter.Create(_folder, last + 1, _write);
            Folder.Sync(_folder);
            return Task.FromResult(last);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(e);
        }
    }

    public ValueTask AppendAsync(IReadOnlyList<Memory<byte>> entries, CancellationToken cancellationToken)
    {
        try
        {
            var segment = _segment ?? throw new JournalUnavailableException("is not open");
            if (segment.Length >= _segmentBytes)
                segment = Roll(Entry.Sequence(entries[0].Span));
            var before = segment.Length;
            segment.Append(entries, flush: Durability == Durability.Disk);
            Volatile.Write(ref _dirty, true);
            Interlocked.Add(ref _logBytes, segment.Length - before);
            return ValueTask.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            IsUsable = false;
            throw Unavailable(e);
        }
    }

    public ValueTask<long> RepairAsync(IJournalTarget target, long fence, CancellationToken cancellationToken)
    {
        try
        {
            _segment!.CutBack();
            IsUsable = true;
            return ValueTask.FromResult(fence);
        }
        catch (IOException e)
        {
            throw Unavailable(e);
        }
    }

    public void Sync()
    {
        if (!Volatile.Read(ref _dirty))
            return;
        Volatile.Write(ref _dirty, false);
        try
        {
            lock (_segmentGate)
                _segment?.Flush();
        }
        catch (IOException)
        {
            // the next second tries again
            Volatile.Write(ref _dirty, true);
            throw;
        }
    }

    public Task SaveSnapshotAsync(int partition, ReadOnlyMemory<byte> image, CancellationToken cancellationToken)
    {
        Snapshots.Save(_folder, partition, image);
        return Task.CompletedTask;
    }

    public Task TrimAsync(long covered, CancellationToken cancellationToken)
    {
        Folder.Sync(_folder);
        var segments = Segment.List(_folder);
        // a segment ends where the next one begins; the last is being written
        for (var i = 0; i + 1 < segments.Count && segments[i + 1].First <= covered + 1; i++)
            File.Delete(segments[i].Path);
        Interlocked.Exchange(ref _logBytes, 0);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        lock (_segmentGate)
        {
            if (_segment is not null)
            {
                _segment.Flush();
                _segment.Dispose();
                _segment = null;
            }
        }

        _lock?.Dispose();
        return ValueTask.CompletedTask;
    }

    private SegmentWriter Roll(long firstSequence)
    {
        var next = SegmentWriter.Create(_folder, firstSequence, _write);
        lock (_segmentGate)
        {
            _segment!.Flush();
            _segment.Dispose();
            _segment = next;
        }

        if (Durability == Durability.Disk)
            Folder.Sync(_folder);
        return next;
    }

    private void TakeLock()
    {
        Directory.CreateDirectory(_folder);
        if (_lock is not null)
            return;
        try
        {
            _lock = new FileStream(Path.Combine(_folder, "journal.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new JournalInUseException($"Another process uses the journal in {_folder}: {e.Message}");
        }
    }

    private long ReplayAll(IJournalTarget target)
    {
        var last = 0L;
        var entries = 0L;
        var segments = Segment.List(_folder);
        for (var i = 0; i < segments.Count; i++)
        {
            var (first, path) = segments[i];
            last = Math.Max(last, first - 1);
            var file = File.ReadAllBytes(path);
            var (end, damaged) = Segment.Scan(file, entry =>
            {
                // a sequence number that does not rise is left over from a write that failed
                if (Entry.Sequence(entry) <= last)
                    return;
                target.Replay(entry);
                last = Entry.Sequence(entry);
                entries++;
            });
            if (damaged > 0)
                LogDamaged(path, damaged);
            if (end < file.Length)
                CutTail(path, end, file.Length - end, isLast: i == segments.Count - 1);
            Interlocked.Add(ref _logBytes, end);
        }

        LogReplayed(entries, segments.Count, last);
        return last;
    }

    private void CutTail(string path, int end, int torn, bool isLast)
    {
        if (isLast)
            LogTorn(path, torn);
        else
            LogDamaged(path, torn);
        if (end == 0)
        {
            File.Delete(path);
            return;
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.SetLength(file, end);
        RandomAccess.FlushToDisk(file);
    }

    private static JournalUnavailableException Unavailable(Exception e) => new($"can't write: {e.Message.TrimEnd('.')}", e);

    [LoggerMessage(2201, LogLevel.Information, "Journal: replayed {Entries} entries of {Segments} segments, up to sequence {Last}")]
    private partial void LogReplayed(long entries, int segments, long last);

    [LoggerMessage(2202, LogLevel.Warning, "Journal: {Path} ended in {Bytes} bytes of a write that never finished; they were never acknowledged and are cut")]
    private partial void LogTorn(string path, int bytes);

    [LoggerMessage(2203, LogLevel.Error, "Journal: {Bytes} bytes of {Path} are damaged and passed over; records in them are lost")]
    private partial void LogDamaged(string path, int bytes);

    [LoggerMessage(2204, LogLevel.Error, "Journal: the snapshot {Path} is damaged and was put aside; what only it had is lost: {Reason}")]
    private partial void LogDamagedSnapshot(string path, string reason);
}
