namespace Tft.Inference.Journal.Redis;

/// <summary>Splits an entry into one for each partition that it has records of; header and sequence number are the same.</summary>
internal sealed class PartitionSplitter
{
    private readonly EntryBuilder?[] _parts = new EntryBuilder?[Partitions.Count];
    private readonly List<int> _used = [];

    public IEnumerable<(int Partition, byte[] Entry)> Split(ReadOnlySpan<byte> entry)
    {
        _used.Clear();
        var records = Entry.Records(entry);
        while (records.Next())
        {
            var partition = Partitions.Of(records.Name);
            var part = _parts[partition] ??= new EntryBuilder();
            if (part.Count == 0)
            {
                part.StartLike(entry);
                _used.Add(partition);
            }

            part.AddRaw(records.Bytes);
        }

        var parts = new (int, byte[])[_used.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = _parts[_used[i]]!;
            parts[i] = (_used[i], part.Written.ToArray());
            part.Clear();
        }

        return parts;
    }
}
