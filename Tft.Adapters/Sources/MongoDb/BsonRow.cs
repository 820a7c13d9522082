using System.Globalization;
using MongoDB.Bson;
using Tft.Adapters.Mapping;

namespace Tft.Adapters.Sources.MongoDb;

/// <summary>A document as a row.</summary>
internal sealed class BsonRow(BsonDocument document) : IRow
{
    private static readonly (long Least, long Most) s_dates =
        (new DateTimeOffset(DateTime.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds(), new DateTimeOffset(DateTime.MaxValue, TimeSpan.Zero).ToUnixTimeMilliseconds());

    public BsonDocument Document => document;

    public string Name => document.TryGetValue("_id", out var id) ? $"_id {CellOf(id)}" : "a document without _id";

    public bool TryGet(FieldPath path, out Cell cell)
    {
        cell = default;
        if (Find(document, path.Steps, 0) is not { } found)
            return false;
        cell = CellOf(found);
        return true;
    }

    /// <summary>What stands at a path whose names are keys each, as the server sees it; null: nothing there, or a null.</summary>
    public static BsonValue? Nested(BsonDocument document, FieldPath path)
    {
        BsonValue at = document;
        foreach (var step in path.Steps)
        {
            if (step.Name is null || at is not BsonDocument inner || !inner.TryGetValue(step.Name, out var next))
                return null;
            at = next;
        }

        return IsNothing(at) ? null : at;
    }

    public static Cell CellOf(BsonValue value) => value switch
    {
        { IsNumeric: true } => Cell.Of(value.ToDouble()),
        BsonString text => Cell.Of(text.Value),
        BsonDateTime time when time.MillisecondsSinceEpoch >= s_dates.Least && time.MillisecondsSinceEpoch <= s_dates.Most =>
            Cell.Of(DateTimeOffset.FromUnixTimeMilliseconds(time.MillisecondsSinceEpoch)),
        BsonObjectId id => Cell.Of(id.Value.ToString()),
        BsonBoolean flag => Cell.Unusable(flag.Value ? "true" : "false"),
        BsonDocument fields => Cell.Unusable($"a document of {fields.ElementCount.ToString(CultureInfo.InvariantCulture)} fields"),
        BsonArray list => Cell.Unusable($"a list of {list.Count.ToString(CultureInfo.InvariantCulture)}"),
        _ => Cell.Unusable($"a {value.BsonType}"),
    };

    private static bool IsNothing(BsonValue value) => value.BsonType is BsonType.Null or BsonType.Undefined;

    /// <summary>Each name may be a key of its own or a part of a key with dots; the shorter key is looked at first.</summary>
    private static BsonValue? Find(BsonValue at, IReadOnlyList<FieldPath.Step> steps, int i)
    {
        if (i == steps.Count)
            return IsNothing(at) ? null : at;
        if (steps[i].Name is not { } key)
            return at is BsonArray list && steps[i].Index < list.Count ? Find(list[steps[i].Index], steps, i + 1) : null;
        if (at is not BsonDocument fields)
            return null;
        for (var next = i + 1; ; next++)
        {
            if (fields.TryGetValue(key, out var value) && Find(value, steps, next) is { } found)
                return found;
            if (next == steps.Count || steps[next].Name is not { } more)
                return null;
            key += "." + more;
        }
    }
}
