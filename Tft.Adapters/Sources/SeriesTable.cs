using Tft.Adapters.Mapping;
using Tft.Contract.Metrics;
using Tft.Contract.Records;

namespace Tft.Adapters.Sources;

/// <summary>
/// Series, one metric of one server each, to records: what stores of series give has to be turned on its side. A value that is none
/// (NaN, infinite) or outside its range is left missing, the latter with a fault.
/// </summary>
/// <param name="serverFrom">The label or tag that names the server, for <c>--verbose</c>.</param>
internal sealed class SeriesTable(MappingTrace trace, string serverFrom)
{
    private const double Rounding = 1;

    private readonly SortedDictionary<(long Second, string Server), Row> _rows = new(Comparer<(long Second, string Server)>.Create(static (a, b) =>
        a.Second != b.Second ? a.Second.CompareTo(b.Second) : string.CompareOrdinal(a.Server, b.Server)));

    public List<MappingFault> Faults { get; } = [];

    /// <param name="from">The query or field that the value came from, for <c>--verbose</c>.</param>
    public void Add(string server, long second, MetricDefinition metric, double value, string from)
    {
        if (!double.IsFinite(value))
            return;
        if (value < metric.Min - Rounding || value > (metric.IsPercent ? metric.Max + Rounding : metric.Max))
        {
            if (Faults.Count < 100)
                Faults.Add(new MappingFault($"{server} at {DateTimeOffset.FromUnixTimeSeconds(second):HH:mm:ss}", metric.Name, FormattableString.Invariant($"{value} is out of its range: check the query's unit")));
            return;
        }

        if (!_rows.TryGetValue((second, server), out var row))
            _rows.Add((second, server), row = new Row(trace.Enabled));
        var inRange = metric.Clamp((float)value);
        row.Values.Set(metric.Id, metric.IsInteger ? MathF.Round(inRange) : inRange);
        row.Fields?.TryAdd(metric.Name, new FieldTrace(from, FormattableString.Invariant($"{value}")));
    }

    /// <summary>All records, oldest first.</summary>
    public IReadOnlyList<MetricRecord> ToRecords()
    {
        var records = new List<MetricRecord>(_rows.Count);
        foreach (var ((second, server), row) in _rows)
        {
            var record = new MetricRecord { ServerName = server, Timestamp = DateTimeOffset.FromUnixTimeSeconds(second), Values = row.Values };
            row.Fields?.TryAdd("server_name", new FieldTrace(serverFrom, server));
            if (row.Fields is not null)
                trace.Keep(record, row.Fields);
            records.Add(record);
        }

        return records;
    }

    private sealed class Row(bool traced)
    {
        public MetricValues Values = MetricValues.Missing;

        public Dictionary<string, FieldTrace>? Fields { get; } = traced ? new(StringComparer.Ordinal) : null;
    }
}
