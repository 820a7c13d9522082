using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Windows;
using Tft.Inference.Windows.Storage;

namespace Tft.Inference.LongHistory;

/// <summary>Writes bytes at a position of a file; a test puts a full disk in its place.</summary>
internal delegate void WriteAt(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset);

/// <summary>
/// The weeks before the windows, in files of a day and a partition: <c>history/20261121/07.tft</c>. The writer of the windows hands steps over and never waits;
/// <see cref="Flush"/> appends what was handed over. A torn tail is cut at start, damage is passed over and said, days too old are deleted whole. Nothing here is
/// acknowledged to anybody: what cannot be written is a gap of a state, never a fault of the service.
/// </summary>
internal sealed partial class PastStore(HistoryOptions options, ILogger<PastStore> logger, WriteAt? write = null) : IPastSteps, IDisposable
{
    /// <summary>Stretches that wait for the disk: 66 MB.</summary>
    public const int MostWaiting = 16_384;

    private const int Values = IPastSteps.Steps * MetricCatalog.Count;
    private const int Day = TimeGrid.StepsPerDay;

    private readonly WriteAt _write = write ?? ((file, bytes, offset) => RandomAccess.Write(file, bytes, offset));
    private readonly ConcurrentQueue<(int Server, int FirstStep, float[] Rows)> _waiting = new();
    private readonly PastFiles _files = new(options, logger);
    private readonly Lock _disk = new();
    private readonly byte[] _frame = new byte[ChunkFrame.MostBytes];
    private FileStream? _owner;
    private NameTable? _names;
    private int _count;
    private long _lost;
    private bool _said;

    private ChunkIndex Index => _files.Index;

    /// <summary>Steps between the oldest that is kept and the newest.</summary>
    public int MostSteps => options.Days * Day;

    public int Servers => Index.Servers;

    public long Bytes => Index.Bytes;

    /// <summary>Stretches that were handed over and are not written yet.</summary>
    public int Waiting => Volatile.Read(ref _count);

    /// <summary>Stretches that were lost: the disk was full or too slow.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Bytes found damaged since the start.</summary>
    public long Damaged => _files.Damaged;

    /// <summary>Why nothing can be written now; null where it can.</summary>
    public string? Fault { get; private set; }

    public bool IsOpen => _names is not null;

    public float[]? Room()
    {
        if (Volatile.Read(ref _count) < MostWaiting)
            return ArrayPool<float>.Shared.Rent(Values);
        Interlocked.Increment(ref _lost);
        return null;
    }

    public void Take(int server, int firstStep, float[] rows)
    {
        Interlocked.Increment(ref _count);
        _waiting.Enqueue((server, firstStep, rows));
    }

    /// <summary>Takes the folder into possession and learns what is in it. Called once, after the windows were recovered.</summary>
    /// <param name="names">Names of the servers by number.</param>
    public void Open(NameTable names)
    {
        lock (_disk)
        {
            try
            {
                Directory.CreateDirectory(options.Directory);
                _owner = new FileStream(Path.Combine(options.Directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                foreach (var folder in Directory.EnumerateDirectories(options.Directory))
                {
                    foreach (var file in HistoryOptions.DayOf(folder) is null ? [] : Directory.EnumerateFiles(folder, "*.tft"))
                        _files.Scan(file);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // without its files the service forecasts from windows
                Fault = $"{options.Directory} can't be used: {e.Message}";
                LogClosed(Fault);
            }

            _names = names;
        }

        if (Fault is null)
            LogOpened(Servers, Bytes, options.Days);
    }

    /// <summary>Appends all that waits; with a full disk it goes on waiting.</summary>
    public void Flush()
    {
        lock (_disk)
        {
            if (_names is null)
                return;
            for (var left = Volatile.Read(ref _count); left > 0 && _waiting.TryPeek(out var chunk); left--)
            {
                if (_owner is not null && !TryAppend(chunk.Server, chunk.FirstStep, chunk.Rows))
                    return;
                if (_owner is null)
                    Interlocked.Increment(ref _lost);
                _waiting.TryDequeue(out _);
                Interlocked.Decrement(ref _count);
                ArrayPool<float>.Shared.Return(chunk.Rows);
            }
        }
    }

    /// <summary>Deletes days of which every step is older than what is kept. What is new decides, not the clock: one that jumps ahead must not delete weeks.</summary>
    public void Expire()
    {
        var oldest = Index.NewestStep - MostSteps;
        if (oldest <= 0)
            return;
        Index.Forget(oldest - IPastSteps.Steps);
        lock (_disk)
        {
            try
            {
                foreach (var folder in Directory.EnumerateDirectories(options.Directory))
                {
                    // a stretch that begins on this day may end on the next
                    if (HistoryOptions.DayOf(folder) is { } day && ((day + 1) * Day) + IPastSteps.Steps <= oldest)
                        Directory.Delete(folder, recursive: true);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogNotDeleted(e.Message);
            }
        }
    }

    /// <summary>First step of a server that is kept; <see cref="int.MaxValue"/> where nothing is.</summary>
    public int FirstStep(string name)
    {
        var first = int.MaxValue;
        foreach (var place in Index.Of(name))
            first = Math.Min(first, place.FirstStep);
        return first;
    }

    /// <summary>Fills in what is kept of a server. Allocates a buffer; not for hot paths.</summary>
    /// <param name="name">The server.</param>
    /// <param name="firstStep">Step of the first value.</param>
    /// <param name="values">[14][steps]; what is not kept stays as it is.</param>
    public void Read(string name, int firstStep, float[][] values) => _files.Read(name, firstStep, values);

    public void Dispose() => _owner?.Dispose();

    private bool TryAppend(int server, int firstStep, float[] rows)
    {
        var name = _names!.Name(server);
        if (firstStep + IPastSteps.Steps <= Index.NewestStep - MostSteps || Index.Has(name, firstStep))
            return true;
        var path = _files.PathOf(name, firstStep / Day);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            var end = RandomAccess.GetLength(file);
            var length = ChunkFrame.Write(_names.Utf8(server), firstStep, rows, _frame);
            try
            {
                _write(file, _frame.AsSpan(0, length), end);
            }
            catch
            {
                // half a frame must not lie before the next one
                RandomAccess.SetLength(file, end);
                throw;
            }

            Index.Add(name, new ChunkPlace(firstStep, (int)end, length));
            if (_said)
                LogWritesAgain(options.Directory);
            (Fault, _said) = (null, false);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fault = $"{path} can't be written: {e.Message}";
            if (!_said)
                LogUnwritable(Fault, MostWaiting);
            _said = true;
            return false;
        }
    }

    [LoggerMessage(2401, LogLevel.Information, "History: {Servers} servers, {Bytes} bytes; {Days} days are kept")]
    private partial void LogOpened(int servers, long bytes, int days);

    [LoggerMessage(2402, LogLevel.Error, "History: {Why}; servers are forecast from their windows alone")]
    private partial void LogClosed(string why);

    [LoggerMessage(2403, LogLevel.Error, "History: {Why}; up to {Most} stretches of six hours wait for it")]
    private partial void LogUnwritable(string why, int most);

    [LoggerMessage(2404, LogLevel.Information, "History: {Directory} can be written again")]
    private partial void LogWritesAgain(string directory);

    [LoggerMessage(2409, LogLevel.Warning, "History: a day that is too old can't be deleted: {Why}")]
    private partial void LogNotDeleted(string why);
}
