using MongoDB.Bson;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>Filters of find and $match. Ranges compare only values of one kind, as there.</summary>
internal static class BsonMatch
{
    public static List<BsonDocument> All(IEnumerable<BsonDocument> documents, BsonDocument filter) => [.. documents.Where(d => Matches(d, filter))];

    private static bool Matches(BsonDocument document, BsonDocument filter) => filter.Elements.All(e => e.Name switch
    {
        "$and" => e.Value.AsBsonArray.All(f => Matches(document, f.AsBsonDocument)),
        "$or" => e.Value.AsBsonArray.Any(f => Matches(document, f.AsBsonDocument)),
        ['$', ..] => throw new MongoDoubleException(2, "BadValue", $"unknown top level operator: {e.Name}"),
        _ => Field(document, e.Name, e.Value),
    });

    private static bool Field(BsonDocument document, string path, BsonValue condition)
    {
        // A list matches by itself and by each of its elements.
        var values = BsonPath.Values(document, path).SelectMany(v => v is BsonArray a ? a.Prepend(v) : [v]).ToList();
        if (condition is BsonDocument operators && operators.Names.FirstOrDefault()?.StartsWith('$') == true)
            return operators.Elements.All(o => Operator(values, o.Name, o.Value));
        return Operator(values, "$eq", condition);
    }

    private static bool Operator(List<BsonValue> values, string name, BsonValue operand)
    {
        int? Order(BsonValue value) => BsonOrder.Kind(value) == BsonOrder.Kind(operand) ? BsonOrder.Instance.Compare(value, operand) : null;
        return name switch
        {
            "$eq" => values.Any(v => Order(v) == 0) || (operand.IsBsonNull && values.Count == 0),
            "$gt" => values.Any(v => Order(v) > 0),
            "$gte" => values.Any(v => Order(v) >= 0),
            "$lt" => values.Any(v => Order(v) < 0),
            "$lte" => values.Any(v => Order(v) <= 0),
            "$in" => operand.AsBsonArray.Any(o => Operator(values, "$eq", o)),
            "$exists" => values.Count > 0 == operand.ToBoolean(),
            _ => throw new MongoDoubleException(2, "BadValue", $"unknown operator: {name}"),
        };
    }
}

/// <summary>Projections that name what is to be there.</summary>
internal static class BsonProjection
{
    public static IEnumerable<BsonDocument> Apply(IEnumerable<BsonDocument> documents, BsonDocument projection)
    {
        var paths = projection.Elements.Where(e => e.Value.ToBoolean()).Select(e => e.Name).ToList();
        if (paths.Count != projection.Elements.Count(e => e.Name != "_id" || e.Value.ToBoolean()))
            throw new MongoDoubleException(31254, "Location31254", "Cannot do exclusion in inclusion projection");
        foreach (var path in paths)
        {
            if (paths.Find(p => p.StartsWith(path + ".", StringComparison.Ordinal)) is { } longer)
                throw new MongoDoubleException(31249, "Location31249", $"Path collision at {longer} remaining portion {longer[(path.Length + 1)..]}");
        }

        if (projection.GetValue("_id", true).ToBoolean() && !paths.Contains("_id"))
            paths.Add("_id");
        return documents.Select(d => (BsonDocument)Keep(d, paths));
    }

    private static BsonValue Keep(BsonValue value, IReadOnlyList<string> paths)
    {
        if (value is BsonArray array)
            return new BsonArray(array.Where(v => v is BsonDocument or BsonArray).Select(v => Keep(v, paths)));
        if (value is not BsonDocument document)
            return value;
        var kept = new BsonDocument();
        foreach (var element in document.Elements)
        {
            var rest = paths.Where(p => p.StartsWith(element.Name + ".", StringComparison.Ordinal)).Select(p => p[(element.Name.Length + 1)..]).ToList();
            if (paths.Contains(element.Name))
                kept.Add(element.Name, element.Value);
            else if (rest.Count > 0 && element.Value is BsonDocument or BsonArray)
                kept.Add(element.Name, Keep(element.Value, rest));
        }

        return kept;
    }
}
