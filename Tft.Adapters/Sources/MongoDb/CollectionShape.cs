using MongoDB.Bson;
using Tft.Adapters.Mapping;

namespace Tft.Adapters.Sources.MongoDb;

/// <summary>What a collection's newest documents look like, as far as reading depends on it.</summary>
internal sealed class CollectionShape
{
    private CollectionShape(string timeField, IReadOnlyList<TimeKind> times, BsonDocument? projection, bool isPlain)
    {
        TimeField = timeField;
        Times = times;
        Projection = projection;
        IsPlain = isPlain;
    }

    public string TimeField { get; }

    /// <summary>Usually one.</summary>
    public IReadOnlyList<TimeKind> Times { get; }

    /// <summary>Only the mapped fields; null: all, since a key holds dots, which a projection can't name.</summary>
    public BsonDocument? Projection { get; }

    /// <summary>Every mapped field is a number at a path of plain names: the server can average it.</summary>
    public bool IsPlain { get; }

    /// <returns>Null: there is no document.</returns>
    /// <exception cref="SourceException">No document has a time that can be searched for.</exception>
    public static CollectionShape? Of(IReadOnlyList<BsonDocument> sample, MappingPlan plan, string collection)
    {
        if (sample.Count == 0)
            return null;
        var candidates = plan.Fields.GetValueOrDefault("timestamp", new FieldRule()).Paths;
        if (candidates.FirstOrDefault(p => sample.Any(d => BsonRow.Nested(d, p) is not null)) is not { } time)
            throw new SourceException($"none of the last {sample.Count} documents of {collection} has a time at {string.Join(" | ", candidates)}: name it with time_field");
        var values = sample.Select(d => BsonRow.Nested(d, time)).OfType<BsonValue>().ToList();
        var times = values.Select(TimeKind.Of).OfType<TimeKind>().DistinctBy(k => k.Type).ToList();
        if (times.Count == 0)
            throw new SourceException($"'{time}' of {collection} is '{BsonRow.CellOf(values[0])}': no range can be asked for that; a date, ISO 8601 text or a number since 1970 is needed");

        var paths = plan.Fields.Values.SelectMany(r => (IEnumerable<FieldPath>)[.. r.Paths, .. r.Where.Select(w => w.Path), .. r.SeriesPath is { } s ? [s] : (FieldPath[])[]]).DistinctBy(p => p.Text).ToList();
        var hasDots = sample.Any(d => paths.Any(p => Prefix(p) is var prefix && new BsonRow(d).TryGet(prefix, out _) && BsonRow.Nested(d, prefix) is null));
        var projection = hasDots ? null : Projected(paths.Select(p => Prefix(p).Text).Append(time.Text));
        return new CollectionShape(time.Text, times, projection, !hasDots && MeansPipeline.Suits(plan, sample));
    }

    /// <summary>A list is fetched whole: a projection knows no index.</summary>
    private static FieldPath Prefix(FieldPath path) =>
        path.Steps.All(s => s.Name is not null) ? path : FieldPath.Parse(string.Join('.', path.Steps.TakeWhile(s => s.Name is not null).Select(s => s.Name)));

    /// <summary>A path and one below it would collide; the shorter holds both.</summary>
    private static BsonDocument Projected(IEnumerable<string> paths)
    {
        var all = paths.Distinct(StringComparer.Ordinal).ToList();
        return new BsonDocument(all.Where(p => !all.Exists(shorter => p.StartsWith(shorter + ".", StringComparison.Ordinal))).Select(p => new BsonElement(p, 1)));
    }
}
