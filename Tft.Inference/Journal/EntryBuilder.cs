using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;

namespace Tft.Inference.Journal;

/// <summary>Builds an <see cref="Entry"/> in a buffer that is kept between batches.</summary>
internal sealed class EntryBuilder
{
    private const int MaxSource = 128;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4_096);
    private int _length;
    private int _count;

    public int Count => _count;

    /// <summary>The entry so far. Valid until the next <see cref="Start"/>.</summary>
    public Memory<byte> Written
    {
        get
        {
            BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(4), _count);
            return _buffer.AsMemory(0, _length);
        }
    }

    public void Start(byte kind, ReadOnlySpan<char> source, long arrivalMs)
    {
        Reserve(Entry.HeaderLength + (MaxSource * 3), 0);
        if (source.Length > MaxSource)
            source = source[..MaxSource];
        var sourceLength = Encoding.UTF8.GetBytes(source, _buffer.AsSpan(Entry.HeaderLength));
        _buffer[0] = Entry.Version;
        _buffer[1] = kind;
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(2), (ushort)sourceLength);
        Entry.SetSequence(_buffer, 0);
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(16), arrivalMs);
        _length = Entry.HeaderLength + sourceLength;
        _count = 0;
    }

    public void Add(int index, ReadOnlySpan<byte> name, long seconds, ServerState state, byte profile, in MetricValues values)
    {
        Reserve(Entry.RecordHeaderLength + name.Length + (MetricCatalog.Count * sizeof(float)), _length);
        var record = _buffer.AsSpan(_length);
        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)index);
        BinaryPrimitives.WriteUInt16LittleEndian(record[2..], (ushort)name.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)seconds);
        record[8] = (byte)state;
        record[9] = profile;
        name.CopyTo(record[Entry.RecordHeaderLength..]);
        var at = Entry.RecordHeaderLength + name.Length;

        var present = 0;
        for (var m = 0; m < MetricCatalog.Count; m++)
        {
            var value = values[m];
            if (float.IsNaN(value))
                continue;
            present |= 1 << m;
            MemoryMarshal.Write(record[at..], value);
            at += sizeof(float);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(record[10..], (ushort)present);
        _length += at;
        _count++;
    }

    /// <summary>Adds a record as it stands in another entry.</summary>
    public void AddRaw(ReadOnlySpan<byte> record)
    {
        Reserve(record.Length, _length);
        record.CopyTo(_buffer.AsSpan(_length));
        _length += record.Length;
        _count++;
    }

    public void Clear() => _count = 0;

    /// <summary>Starts an entry with the header of another one.</summary>
    public void StartLike(ReadOnlySpan<byte> entry)
    {
        var header = Entry.HeaderLength + Entry.Source(entry).Length;
        Reserve(header, 0);
        entry[..header].CopyTo(_buffer);
        _length = header;
        _count = 0;
    }

    private void Reserve(int bytes, int kept)
    {
        if (_buffer.Length - kept >= bytes)
            return;
        var more = ArrayPool<byte>.Shared.Rent(Math.Max(kept + bytes, _buffer.Length * 2));
        _buffer.AsSpan(0, kept).CopyTo(more);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = more;
    }
}
