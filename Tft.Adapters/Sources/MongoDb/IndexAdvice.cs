using MongoDB.Bson;

namespace Tft.Adapters.Sources.MongoDb;

/// <summary>Which index reading needs, where there is none that gives the rows by time and <c>_id</c>.</summary>
internal sealed record IndexAdvice(string Text, bool IsUrgent)
{
    /// <returns>Null: there is such an index.</returns>
    public static IndexAdvice? For(IEnumerable<BsonDocument> indexes, string timeField, string collection)
    {
        var byTime = indexes
            .Where(i => !i.Contains("partialFilterExpression") && !i.Contains("sparse") && i["key"] is BsonDocument { ElementCount: > 0 } key && key.Names.First() == timeField && key[0].IsNumeric)
            .ToList();
        if (byTime.Exists(i => i["key"].AsBsonDocument is { ElementCount: > 1 } key && key.Names.ElementAt(1) == "_id" && key[0].ToDouble() * key[1].ToDouble() > 0))
            return null;
        var create = $"db.getCollection('{collection}').createIndex({{ '{timeField}': 1, _id: 1 }})";
        return byTime.Count > 0
            ? new IndexAdvice($"the index {byTime[0]["name"]} finds documents of {collection} by {timeField}, but does not order those of one time; for a large fleet create {create}", false)
            : new IndexAdvice($"{collection} has no index on {timeField}: each read looks at every document. Create it: {create}", true);
    }
}
