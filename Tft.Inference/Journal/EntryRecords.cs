using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;

namespace Tft.Inference.Journal;

/// <summary>The records of an entry, one after the other.</summary>
/// <exception cref="InvalidDataException">The entry ends within a record: never with a checksum that holds.</exception>
internal ref struct EntryRecords(ReadOnlySpan<byte> entry, int at, int count)
{
    private readonly ReadOnlySpan<byte> _entry = entry;
    private int _at = at;
    private int _left = count;

    /// <summary>Position in the batch as it was sent.</summary>
    public int Index { get; private set; }

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }
    public uint Seconds { get; private set; }
    public ServerState State { get; private set; }

    /// <summary><see cref="Entry.NoProfile"/> where the record has none.</summary>
    public byte Profile { get; private set; }
    public ushort Present { get; private set; }

    /// <summary>The values present, in the order of <see cref="Metric"/>.</summary>
    public ReadOnlySpan<byte> Packed { get; private set; }

    /// <summary>The record's own bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public readonly bool IsRefused => (Present & Entry.Refused) != 0;

    public bool Next()
    {
        if (_left-- <= 0)
            return false;
        var record = _entry[_at..];
        if (record.Length < Entry.RecordHeaderLength)
            Cut();
        Index = BinaryPrimitives.ReadUInt16LittleEndian(record);
        var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(record[2..]);
        Seconds = BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);
        State = (ServerState)record[8];
        Profile = record[9];
        Present = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        var packed = BitOperations.PopCount((uint)(Present & ~Entry.Refused)) * sizeof(float);
        var length = Entry.RecordHeaderLength + nameLength + packed;
        if (record.Length < length)
            Cut();
        Name = record.Slice(Entry.RecordHeaderLength, nameLength);
        Packed = record.Slice(Entry.RecordHeaderLength + nameLength, packed);
        Bytes = record[..length];
        _at += length;
        return true;
    }

    /// <summary>[14], NaN where not measured.</summary>
    public readonly void Unpack(Span<float> values)
    {
        if (Packed.Length == MetricCatalog.Count * sizeof(float))
        {
            Packed.CopyTo(MemoryMarshal.AsBytes(values));
            return;
        }

        var at = 0;
        for (var m = 0; m < MetricCatalog.Count; m++)
        {
            if ((Present & (1 << m)) == 0)
            {
                values[m] = float.NaN;
                continue;
            }

            values[m] = BinaryPrimitives.ReadSingleLittleEndian(Packed[at..]);
            at += sizeof(float);
        }
    }

    /// <summary>Marks the record at hand as refused, in the entry that is about to be kept.</summary>
    public readonly void Refuse()
    {
        ref var present = ref Unsafe.Add(ref MemoryMarshal.GetReference(Bytes), 10);
        Unsafe.WriteUnaligned(ref present, (ushort)(Present | Entry.Refused));
    }

    private static void Cut() => throw new InvalidDataException("A journal entry ends within a record.");
}
