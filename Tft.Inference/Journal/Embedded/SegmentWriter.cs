using Microsoft.Win32.SafeHandles;

namespace Tft.Inference.Journal.Embedded;

/// <summary>Writes blocks to a file at an offset, all of them; a test puts a full disk here.</summary>
internal delegate void WriteBlocks(SafeFileHandle file, IReadOnlyList<ReadOnlyMemory<byte>> blocks, long offset);

/// <summary>The segment that is being written. A write that fails leaves nothing behind: the file is cut back before the next.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly WriteBlocks _write;
    private readonly List<ReadOnlyMemory<byte>> _blocks = [];
    private byte[] _headers = new byte[64 * Segment.FrameHeaderLength];

    private SegmentWriter(SafeFileHandle file, WriteBlocks write, long firstSequence)
    {
        _file = file;
        _write = write;
        FirstSequence = firstSequence;
    }

    public long FirstSequence { get; }

    /// <summary>Bytes of sound frames.</summary>
    public long Length { get; private set; }

    /// <exception cref="IOException">The file can't be made.</exception>
    public static SegmentWriter Create(string folder, long firstSequence, WriteBlocks write)
    {
        // ReadWrite: .NET locks a file that is opened without sharing, and a test or a tool may read along
        var file = File.OpenHandle(Path.Combine(folder, Segment.Name(firstSequence)), FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        var writer = new SegmentWriter(file, write, firstSequence);
        try
        {
            write(file, [Segment.Header(firstSequence)], 0);
            writer.Length = Segment.HeaderLength;
            return writer;
        }
        catch
        {
            writer.Dispose();
            File.Delete(Path.Combine(folder, Segment.Name(firstSequence)));
            throw;
        }
    }

    /// <exception cref="IOException">Not written; <see cref="CutBack"/> before the next append.</exception>
    public void Append(IReadOnlyList<Memory<byte>> entries, bool flush)
    {
        if (_headers.Length < entries.Count * Segment.FrameHeaderLength)
            _headers = new byte[entries.Count * 2 * Segment.FrameHeaderLength];
        _blocks.Clear();
        var bytes = 0L;
        for (var i = 0; i < entries.Count; i++)
        {
            var header = _headers.AsMemory(i * Segment.FrameHeaderLength, Segment.FrameHeaderLength);
            Segment.WriteFrameHeader(header.Span, entries[i].Span);
            _blocks.Add(header);
            _blocks.Add(entries[i]);
            bytes += header.Length + entries[i].Length;
        }

        _write(_file, _blocks, Length);
        if (flush)
            RandomAccess.FlushToDisk(_file);
        Length += bytes;
    }

    /// <summary>Removes what a failed append left.</summary>
    public void CutBack() => RandomAccess.SetLength(_file, Length);

    public void Flush() => RandomAccess.FlushToDisk(_file);

    public void Dispose() => _file.Dispose();
}
