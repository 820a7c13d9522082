using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Tft.Contract.Time;
using Tft.Inference.LongHistory;

namespace Tft.Inference.Forecasts.Past;

/// <summary>
/// What had been forecast, for as many days as history is kept: a file for each day and server, <c>forecasts/20261121/1f…9c.tft</c>, with a place for each of the 288 steps
/// that a forecast was made at (<see cref="ForecastRecord"/>). The forecaster hands records over and never waits; <see cref="Flush"/> writes them, each where it belongs, so
/// that a kill loses a second. What cannot be written is a gap, never a fault of the service.
/// </summary>
internal sealed partial class ForecastLog(HistoryOptions options, ILogger<ForecastLog> logger)
{
    /// <summary>Records that wait for the disk: 52 MB.</summary>
    public const int MostWaiting = 131_072;

    public const int FileBytes = HeaderBytes + (Day * ForecastRecord.Bytes);
    private const int Day = TimeGrid.StepsPerDay;
    private const int HeaderBytes = 40;

    private readonly ConcurrentQueue<(string Server, long Origin, byte[] Record)> _waiting = new();
    private readonly Lock _disk = new();
    private int _count;
    private long _lost;
    private long _newestDay;
    private bool _said;

    private static ReadOnlySpan<byte> Magic => "TFTF\u0001\0\0\0"u8;

    /// <summary>Records that were lost: the disk was full or too slow.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Why nothing can be written now; null where it can.</summary>
    public string? Fault { get; private set; }

    /// <summary>Hands a forecast over.</summary>
    /// <param name="server">Whose.</param>
    /// <param name="origin">Last closed step.</param>
    /// <param name="quantiles">[96 x 14 x 3].</param>
    public void Take(string server, long origin, ReadOnlySpan<float> quantiles)
    {
        if (Interlocked.Increment(ref _count) > MostWaiting)
        {
            Interlocked.Decrement(ref _count);
            Interlocked.Increment(ref _lost);
            return;
        }

        var record = ArrayPool<byte>.Shared.Rent(ForecastRecord.Bytes);
        ForecastRecord.Write(origin, quantiles, record);
        _waiting.Enqueue((server, origin, record));
    }

    /// <summary>Writes all that waits; with a full disk it goes on waiting.</summary>
    public void Flush()
    {
        lock (_disk)
        {
            for (var left = Volatile.Read(ref _count); left > 0 && _waiting.TryPeek(out var next); left--)
            {
                if (!TryWrite(next.Server, next.Origin, next.Record))
                    return;
                _waiting.TryDequeue(out _);
                Interlocked.Decrement(ref _count);
                ArrayPool<byte>.Shared.Return(next.Record);
            }
        }
    }

    /// <summary>What had been forecast by the forecasts made from one step to another, both inclusive.</summary>
    public KeptForecasts Read(string server, long firstOrigin, long lastOrigin)
    {
        // what was handed over last may wait for the disk yet
        Flush();
        return ReadWritten(server, firstOrigin, lastOrigin);
    }

    /// <summary>The same of what is on the disk; writes nothing.</summary>
    public KeptForecasts ReadWritten(string server, long firstOrigin, long lastOrigin)
    {
        var days = new Dictionary<long, byte[]>();
        var name = FileName(server, out var hash);
        for (var day = Math.DivRem(Math.Max(0, firstOrigin), Day).Quotient; day * Day <= lastOrigin; day++)
        {
            var path = Path.Combine(FolderOf(day), name);
            try
            {
                if (!File.Exists(path))
                    continue;
                using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                var bytes = new byte[FileBytes];
                RandomAccess.Read(file, bytes, 0);
                if (bytes.AsSpan().StartsWith(Magic) && bytes.AsSpan(Magic.Length, hash.Length).SequenceEqual(hash))
                    days[day] = bytes[HeaderBytes..];
                else
                    LogUnreadable(path, "it is no file of this server's forecasts");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogUnreadable(path, e.Message);
            }
        }

        return new KeptForecasts(days);
    }

    /// <summary>Deletes days that are too old. What is new decides, not the clock: one that jumps ahead must not delete weeks.</summary>
    public void Expire()
    {
        lock (_disk)
        {
            try
            {
                if (!Directory.Exists(options.Forecasts))
                    return;
                var folders = Directory.EnumerateDirectories(options.Forecasts).Select(f => (Path: f, Day: HistoryOptions.DayOf(f))).Where(f => f.Day is not null).ToList();
                _newestDay = Math.Max(_newestDay, folders.Max(f => f.Day) ?? 0);
                // the window's day, and what the oldest step was forecast by the day before
                foreach (var (path, day) in folders.Where(f => f.Day < _newestDay - options.Days - 2))
                    Directory.Delete(path, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogNotDeleted(e.Message);
            }
        }
    }

    private bool TryWrite(string server, long origin, byte[] record)
    {
        var (day, slot) = Math.DivRem(origin, Day);
        var folder = FolderOf(day);
        var path = Path.Combine(folder, FileName(server, out var hash));
        try
        {
            Directory.CreateDirectory(folder);
            using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (RandomAccess.GetLength(file) < HeaderBytes)
                WriteHeader(file, hash);
            RandomAccess.Write(file, record.AsSpan(0, ForecastRecord.Bytes), HeaderBytes + (slot * ForecastRecord.Bytes));
            if (_said)
                LogWritesAgain(options.Forecasts);
            (Fault, _said, _newestDay) = (null, false, Math.Max(_newestDay, day));
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

    private static void WriteHeader(SafeFileHandle file, ReadOnlySpan<byte> hash)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        Magic.CopyTo(header);
        hash.CopyTo(header[Magic.Length..]);
        RandomAccess.Write(file, header, 0);
    }

    private string FolderOf(long day) => Path.Combine(options.Forecasts, HistoryOptions.FolderOf(day));

    /// <summary>Names may hold what no file's may.</summary>
    private static string FileName(string server, out byte[] hash)
    {
        hash = SHA256.HashData(Encoding.UTF8.GetBytes(server));
        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(hash.AsSpan(0, 16))}.tft");
    }

    [LoggerMessage(2421, LogLevel.Error, "Past forecasts: {Why}; up to {Most} wait for it")]
    private partial void LogUnwritable(string why, int most);

    [LoggerMessage(2422, LogLevel.Information, "Past forecasts: {Directory} can be written again")]
    private partial void LogWritesAgain(string directory);

    [LoggerMessage(2423, LogLevel.Error, "Past forecasts: {Path} can't be read: {Why}; this day of the server is a gap")]
    private partial void LogUnreadable(string path, string why);

    [LoggerMessage(2424, LogLevel.Warning, "Past forecasts: a day that is too old can't be deleted: {Why}")]
    private partial void LogNotDeleted(string why);
}
