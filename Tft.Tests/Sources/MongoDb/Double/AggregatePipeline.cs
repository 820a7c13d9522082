using MongoDB.Bson;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>The stages and expressions that a bucket's means need.</summary>
internal static class AggregatePipeline
{
    public static List<BsonDocument> Run(IEnumerable<BsonDocument> documents, BsonArray pipeline)
    {
        foreach (var stage in pipeline.Select(s => s.AsBsonDocument.Elements.Single()))
        {
            documents = stage.Name switch
            {
                "$match" => BsonMatch.All(documents, stage.Value.AsBsonDocument),
                "$sort" => BsonOrder.Sort(documents, stage.Value.AsBsonDocument),
                "$group" => Group(documents, stage.Value.AsBsonDocument),
                "$addFields" => With(documents, stage.Value.AsBsonDocument),
                "$project" => Without(documents, stage.Value.AsBsonDocument),
                "$replaceRoot" => documents.Select(d => AggregateExpression.Evaluate(d, stage.Value["newRoot"])!.AsBsonDocument),
                _ => throw new MongoDoubleException(40324, "Location40324", $"Unrecognized pipeline stage name: '{stage.Name}'"),
            };
        }

        return [.. documents];
    }

    private static IEnumerable<BsonDocument> Group(IEnumerable<BsonDocument> documents, BsonDocument stage)
    {
        var groups = new SortedDictionary<BsonValue, List<BsonDocument>>(BsonOrder.Instance);
        foreach (var document in documents)
        {
            var key = AggregateExpression.Evaluate(document, stage["_id"]) ?? BsonNull.Value;
            if (!groups.TryGetValue(key, out var group))
                groups.Add(key, group = []);
            group.Add(document);
        }

        foreach (var (key, group) in groups)
        {
            var result = new BsonDocument("_id", key);
            foreach (var field in stage.Elements.Where(e => e.Name != "_id"))
            {
                var accumulator = field.Value.AsBsonDocument.Elements.Single();
                var values = group.Select(d => AggregateExpression.Evaluate(d, accumulator.Value)).OfType<BsonValue>().ToList();
                result.Add(field.Name, Accumulate(accumulator.Name, values));
            }

            yield return result;
        }
    }

    private static IEnumerable<BsonDocument> With(IEnumerable<BsonDocument> documents, BsonDocument fields) => documents.Select(document =>
    {
        var result = new BsonDocument(document.Elements);
        foreach (var field in fields.Elements)
            result[field.Name] = AggregateExpression.Evaluate(document, field.Value) ?? BsonNull.Value;
        return result;
    });

    private static IEnumerable<BsonDocument> Without(IEnumerable<BsonDocument> documents, BsonDocument fields) =>
        fields.Elements.All(f => f.Value.ToInt32() == 0) ? documents.Select(d => new BsonDocument(d.Elements.Where(e => !fields.Contains(e.Name))))
            : throw new MongoDoubleException(31254, "Location31254", "only an exclusion is known here");

    private static BsonValue Accumulate(string name, List<BsonValue> values)
    {
        var numbers = values.Where(v => v.IsNumeric).Select(v => v.ToDouble()).ToList();
        var some = values.Where(v => !v.IsBsonNull).ToList();
        return name switch
        {
            "$avg" => numbers.Count == 0 ? BsonNull.Value : numbers.Average(),
            "$sum" => numbers.Sum(),
            "$max" => some.Count == 0 ? BsonNull.Value : some.Max(BsonOrder.Instance)!,
            "$first" => values[0],
            "$addToSet" => new BsonArray(values.Distinct()),
            _ => throw new MongoDoubleException(15952, "Location15952", $"unknown group operator '{name}'"),
        };
    }
}

/// <summary>Expressions; null is a field that is not there.</summary>
internal static class AggregateExpression
{
    public static BsonValue? Evaluate(BsonDocument document, BsonValue expression)
    {
        switch (expression)
        {
            case BsonString { Value: "$$ROOT" }:
                return document;
            case BsonString { Value: ['$', .. var path] }:
                return Field(document, path);
            case BsonDocument { ElementCount: 1 } operation when operation.Names.First().StartsWith('$'):
                return Operate(document, operation.Names.First(), operation[0]);
            case BsonDocument fields:
                var made = new BsonDocument();
                foreach (var field in fields.Elements)
                {
                    if (Evaluate(document, field.Value) is { } value)
                        made.Add(field.Name, value);
                }

                return made;
            case BsonArray array:
                return new BsonArray(array.Select(e => Evaluate(document, e) ?? BsonNull.Value));
            default:
                return expression;
        }
    }

    /// <summary>In an expression a path through a list gives a list, and a number is a name.</summary>
    private static BsonValue? Field(BsonValue at, string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var (name, rest) = dot < 0 ? (path, null) : (path[..dot], path[(dot + 1)..]);
        return at switch
        {
            BsonArray array => new BsonArray(array.Select(v => Field(v, path)).OfType<BsonValue>()),
            BsonDocument document when document.TryGetValue(name, out var value) => rest is null ? value : Field(value, rest),
            _ => null,
        };
    }

    private static BsonValue? Operate(BsonDocument document, string name, BsonValue operand)
    {
        if (name == "$literal")
            return operand;
        var arguments = (operand is BsonArray array ? array.Values : [operand]).Select(a => Evaluate(document, a)).ToList();
        double Number(int i) => arguments[i] switch
        {
            { IsNumeric: true } number => number.ToDouble(),
            BsonDateTime time => time.MillisecondsSinceEpoch,
            var other => throw new MongoDoubleException(16556, "Location16556", $"{name} needs numbers, not {other?.BsonType}"),
        };
        int Order() => BsonOrder.Instance.Compare(arguments[0], arguments[1]);
        var isNothing = arguments.Any(a => a is null or BsonNull);
        return name switch
        {
            "$ifNull" => arguments.FirstOrDefault(a => a is not (null or BsonNull)) ?? arguments[^1],
            "$cond" => arguments[0] is { } condition && condition.ToBoolean() ? arguments[1] : arguments[2],
            "$and" => arguments.All(a => a is not null && a.ToBoolean()),
            "$in" => arguments[1]!.AsBsonArray.Any(v => BsonOrder.Instance.Compare(v, arguments[0]) == 0),
            "$type" => TypeName(arguments[0]),
            "$size" => arguments[0]!.AsBsonArray.Count,
            "$gt" => Order() > 0,
            "$gte" => Order() >= 0,
            "$lte" => Order() <= 0,
            "$subtract" or "$mod" or "$multiply" or "$floor" when isNothing => BsonNull.Value,
            "$subtract" => Whole(Number(0) - Number(1)),
            "$mod" => Whole(Number(0) % Number(1)),
            "$multiply" => Whole(Number(0) * Number(1)),
            "$floor" => Whole(Math.Floor(Number(0))),
            _ => throw new MongoDoubleException(168, "InvalidPipelineOperator", $"Unrecognized expression '{name}'"),
        };
    }

    private static BsonValue Whole(double number) => number == Math.Floor(number) ? new BsonInt64((long)number) : new BsonDouble(number);

    private static string TypeName(BsonValue? value) => value?.BsonType switch
    {
        null => "missing",
        BsonType.Double => "double",
        BsonType.Int32 => "int",
        BsonType.Int64 => "long",
        BsonType.Decimal128 => "decimal",
        BsonType.String => "string",
        BsonType.DateTime => "date",
        BsonType.Document => "object",
        BsonType.Array => "array",
        BsonType.Boolean => "bool",
        BsonType.ObjectId => "objectId",
        BsonType.Null => "null",
        _ => "other",
    };
}
