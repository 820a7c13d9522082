using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Tft.Contract.Records;

namespace Tft.Adapters.Mapping;

/// <summary>Where a field of a record came from: path or query, and the text that stood there.</summary>
internal sealed record FieldTrace(string From, string There);

/// <summary>Remembers the origin of fields while somebody looks (<c>--verbose</c>); costs nothing otherwise.</summary>
internal sealed class MappingTrace(bool enabled)
{
    private readonly ConditionalWeakTable<MetricRecord, Dictionary<string, FieldTrace>> _fields = [];

    public static MappingTrace Off { get; } = new(false);

    public bool Enabled => enabled;

    public void Keep(MetricRecord record, Dictionary<string, FieldTrace> fields) => _fields.AddOrUpdate(record, fields);

    public IReadOnlyDictionary<string, FieldTrace> Of(MetricRecord record) =>
        _fields.TryGetValue(record, out var fields) ? fields : FrozenDictionary<string, FieldTrace>.Empty;
}
