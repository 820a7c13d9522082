using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Tft.Contract.Metrics;
using Tft.Inference.Journal;
using Tft.Inference.Windows;

namespace Tft.Inference.LongHistory;

/// <summary>The files of past steps: what they hold is learned at start and read when it is asked for. Damage is passed over, counted and said.</summary>
internal sealed partial class PastFiles(HistoryOptions options, ILogger logger)
{
    private const int Values = IPastSteps.Steps * MetricCatalog.Count;

    private long _damaged;

    /// <summary>Where everything is.</summary>
    public ChunkIndex Index { get; } = new();

    /// <summary>Bytes found damaged since the start.</summary>
    public long Damaged => Interlocked.Read(ref _damaged);

    /// <summary>The file of a server's steps that begin on a day.</summary>
    public string PathOf(string name, int day) => Path.Combine(
        options.Directory,
        HistoryOptions.FolderOf(day),
        string.Create(CultureInfo.InvariantCulture, $"{Partitions.Of(Encoding.UTF8.GetBytes(name)):D2}.tft"));

    /// <summary>Learns what a file holds, and cuts a torn tail.</summary>
    public void Scan(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            var (end, damaged) = ChunkFrame.Scan(bytes, (name, first, offset, length) => Index.Add(name, new ChunkPlace(first, offset, length)));
            if (damaged > 0)
                LogDamagedFile(path, damaged);
            Interlocked.Add(ref _damaged, damaged);
            if (end == bytes.Length)
                return;
            LogTorn(path, bytes.Length - end);
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.SetLength(file, end);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(path, e.Message);
        }
    }

    /// <summary>Fills in what is kept of a server. Allocates a buffer; not for hot paths.</summary>
    /// <param name="name">The server.</param>
    /// <param name="firstStep">Step of the first value.</param>
    /// <param name="values">[14][steps]; what is not kept stays as it is.</param>
    public void Read(string name, int firstStep, float[][] values)
    {
        var steps = values[0].Length;
        var (bytes, columns) = (ArrayPool<byte>.Shared.Rent(ChunkFrame.MostBytes), new float[Values]);
        try
        {
            foreach (var day in Index.Of(name).Where(p => p.FirstStep + IPastSteps.Steps > firstStep && p.FirstStep < firstStep + steps).GroupBy(p => p.Day))
            {
                var path = PathOf(name, day.Key);
                try
                {
                    using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                    foreach (var place in day)
                        Copy(file, path, place, name, firstStep, values, bytes, columns);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    LogUnreadable(path, e.Message);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Copy(SafeFileHandle file, string path, ChunkPlace place, string name, int firstStep, float[][] values, byte[] bytes, float[] columns)
    {
        var frame = bytes.AsSpan(0, place.Length);
        var sound = RandomAccess.Read(file, frame, place.Offset) == place.Length && ChunkFrame.TryRead(frame, out var owner, out var first, out _)
            && first == place.FirstStep && owner == name;
        try
        {
            if (!sound)
                throw new InvalidDataException("its checksum does not hold");
            ChunkFrame.Values(frame, columns);
        }
        catch (InvalidDataException e)
        {
            Interlocked.Add(ref _damaged, place.Length);
            LogDamaged(path, place.Offset, place.Length, e.Message);
            return;
        }

        for (var m = 0; m < values.Length; m++)
        {
            for (var i = 0; i < IPastSteps.Steps; i++)
            {
                var at = place.FirstStep + i - firstStep;
                if (at >= 0 && at < values[m].Length && !float.IsNaN(columns[(m * IPastSteps.Steps) + i]))
                    values[m][at] = columns[(m * IPastSteps.Steps) + i];
            }
        }
    }

    [LoggerMessage(2405, LogLevel.Error, "History: {Path}, {Length} bytes at {Offset}: {Why}; these six hours are a gap")]
    private partial void LogDamaged(string path, int offset, int length, string why);

    [LoggerMessage(2406, LogLevel.Error, "History: {Path}: {Bytes} bytes are damaged and passed over")]
    private partial void LogDamagedFile(string path, int bytes);

    [LoggerMessage(2407, LogLevel.Information, "History: {Path}: a torn tail of {Bytes} bytes is cut")]
    private partial void LogTorn(string path, int bytes);

    [LoggerMessage(2408, LogLevel.Error, "History: {Path} can't be read: {Why}; what it holds is a gap")]
    private partial void LogUnreadable(string path, string why);
}
