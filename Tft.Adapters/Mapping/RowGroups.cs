using Tft.Adapters.Sources;
using Tft.Contract.Records;

namespace Tft.Adapters.Mapping;

/// <summary>
/// Rows in order of time to records. Where a plan merges, all rows of a server in one span are one record, stamped with the span's
/// start, which is made when the span is over: until then its rows stay in the store and are read again, so a restart loses nothing.
/// </summary>
internal sealed class RowGroups(RecordMapper mapper)
{
    private readonly Dictionary<(long Span, string Server), List<IRow>> _open = [];

    /// <summary>The start of the oldest span that is not over yet: no cursor may pass it. Null: nothing is held.</summary>
    public DateTimeOffset? HeldFrom => _open.Count == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(_open.Keys.Min(k => k.Span) * mapper.Plan.MergeSeconds);

    /// <summary>Rows of spans that are not over.</summary>
    public IEnumerable<IRow> HeldRows => _open.Values.SelectMany(rows => rows);

    /// <summary>The newest time of a row since <see cref="Clear"/>; null: none yet.</summary>
    public DateTimeOffset? Newest { get; private set; }

    /// <summary>Begins a new read: what was held is going to be read again.</summary>
    public void Clear()
    {
        _open.Clear();
        Newest = null;
    }

    /// <summary>Takes the next rows; gives the records that they complete: all of spans before the newest row's.</summary>
    public IReadOnlyList<MetricRecord> Take(IEnumerable<IRow> rows, List<MappingFault> faults)
    {
        var records = new List<MetricRecord>();
        foreach (var row in rows)
        {
            if (!mapper.TryKey(row, faults, out var server, out var time))
                continue;
            Newest = Newest is { } n && n >= time ? n : time;
            if (mapper.Plan.MergeSeconds == 0)
            {
                if (mapper.Map(server, time, [row], faults) is { } record)
                    records.Add(record);
                continue;
            }

            var key = (time.ToUnixTimeSeconds() / mapper.Plan.MergeSeconds, server);
            if (!_open.TryGetValue(key, out var group))
                _open.Add(key, group = []);
            group.Add(row);
        }

        if (Newest is { } newest)
            records.AddRange(Close(newest, faults));
        return records;
    }

    /// <summary>The records of spans that end by this time.</summary>
    public IReadOnlyList<MetricRecord> Close(DateTimeOffset settled, List<MappingFault> faults)
    {
        if (mapper.Plan.MergeSeconds == 0)
            return [];
        var records = new List<MetricRecord>();
        var over = settled.ToUnixTimeSeconds() / mapper.Plan.MergeSeconds;
        foreach (var key in _open.Keys.Where(k => k.Span < over).Order().ToList())
        {
            _open.Remove(key, out var group);
            if (mapper.Map(key.Server, DateTimeOffset.FromUnixTimeSeconds(key.Span * mapper.Plan.MergeSeconds), group!, faults) is { } record)
                records.Add(record);
        }

        return records;
    }
}
