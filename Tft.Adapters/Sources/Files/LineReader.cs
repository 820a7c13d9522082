using System.Buffers;
using System.Text;

namespace Tft.Adapters.Sources.Files;

/// <summary>
/// Complete lines of a file from an offset, with the offset behind each. A line without its end is still being written and is left.
/// </summary>
internal sealed class LineReader(FileStream file, long offset)
{
    /// <summary>A longer line is no record; it is skipped and counted.</summary>
    private const int LongestLine = 1 << 20;

    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private long _lineLength;
    private int _start;
    private int _end;
    private bool _tooLong;

    /// <summary>Behind the last line that was given.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Lines that were longer than a megabyte.</summary>
    public int Skipped { get; private set; }

    /// <summary>The next line without its end; null: no complete one yet.</summary>
    public string? Next()
    {
        if (file.Position != Offset + _lineLength + (_end - _start))
            file.Seek(Offset + _lineLength + (_end - _start), SeekOrigin.Begin);
        while (true)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = file.Read(_buffer);
                if (_end == 0)
                    return null;
            }

            var feed = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var take = feed < 0 ? _end - _start : feed + 1;
            _lineLength += take;
            _tooLong |= _lineLength > LongestLine;
            if (!_tooLong)
                _line.Write(_buffer.AsSpan(_start, take));
            _start += take;
            if (feed < 0)
                continue;

            Offset += _lineLength;
            var text = _tooLong ? null : Encoding.UTF8.GetString(_line.WrittenSpan.TrimEnd("\r\n"u8));
            _line.ResetWrittenCount();
            _lineLength = 0;
            if (text is not null)
                return text;
            _tooLong = false;
            Skipped++;
        }
    }
}
