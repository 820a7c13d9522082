using MongoDB.Bson;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>MongoDB's order of values: first by kind (nothing, numbers, texts, documents, lists, bytes, ids, booleans, times), then by value.</summary>
internal sealed class BsonOrder : IComparer<BsonValue?>
{
    public static BsonOrder Instance { get; } = new();

    public static IEnumerable<BsonDocument> Sort(IEnumerable<BsonDocument> documents, BsonDocument keys)
    {
        if (keys.Names.FirstOrDefault() == "$natural")
            return keys[0].ToInt32() < 0 ? documents.Reverse() : documents;
        IOrderedEnumerable<BsonDocument>? sorted = null;
        foreach (var (name, direction) in keys.Select(k => (k.Name, k.Value.ToInt32())))
        {
            BsonValue? Key(BsonDocument document) => BsonPath.Values(document, name).FirstOrDefault();
            sorted = (sorted, direction < 0) switch
            {
                (null, false) => documents.OrderBy(Key, Instance),
                (null, true) => documents.OrderByDescending(Key, Instance),
                (_, false) => sorted.ThenBy(Key, Instance),
                _ => sorted.ThenByDescending(Key, Instance),
            };
        }

        return sorted ?? documents;
    }

    /// <summary>The kinds that compare with each other.</summary>
    public static int Kind(BsonValue? value) => value switch
    {
        null or BsonNull => 1,
        { IsNumeric: true } => 2,
        BsonString => 3,
        BsonDocument => 4,
        BsonArray => 5,
        BsonBinaryData => 6,
        BsonObjectId => 7,
        BsonBoolean => 8,
        BsonDateTime => 9,
        _ => 10,
    };

    public int Compare(BsonValue? x, BsonValue? y)
    {
        var kind = Kind(x);
        if (kind != Kind(y))
            return kind.CompareTo(Kind(y));
        switch (x, y)
        {
            case (BsonInt64 or BsonInt32, BsonInt64 or BsonInt32):
                return x.ToInt64().CompareTo(y.ToInt64());
            case (BsonString a, BsonString b):
                return string.CompareOrdinal(a.Value, b.Value);
            case (BsonDateTime a, BsonDateTime b):
                return a.MillisecondsSinceEpoch.CompareTo(b.MillisecondsSinceEpoch);
            case (BsonObjectId a, BsonObjectId b):
                return a.Value.CompareTo(b.Value);
            case (BsonBoolean a, BsonBoolean b):
                return a.Value.CompareTo(b.Value);
            case (BsonBinaryData a, BsonBinaryData b):
                return a.Bytes.Length != b.Bytes.Length ? a.Bytes.Length.CompareTo(b.Bytes.Length) : a.Bytes.AsSpan().SequenceCompareTo(b.Bytes);
            case (BsonDocument a, BsonDocument b):
                return Lists([.. a.Elements.Select(e => (e.Name, e.Value))], [.. b.Elements.Select(e => (e.Name, e.Value))]);
            case (BsonArray a, BsonArray b):
                return Lists([.. a.Select(v => ("", v))], [.. b.Select(v => ("", v))]);
            default:
                return kind == 2 ? x!.ToDouble().CompareTo(y!.ToDouble()) : 0;
        }
    }

    private int Lists(List<(string Name, BsonValue Value)> x, List<(string Name, BsonValue Value)> y)
    {
        for (var i = 0; i < Math.Min(x.Count, y.Count); i++)
        {
            var order = Kind(x[i].Value).CompareTo(Kind(y[i].Value));
            order = order != 0 ? order : string.CompareOrdinal(x[i].Name, y[i].Name);
            order = order != 0 ? order : Compare(x[i].Value, y[i].Value);
            if (order != 0)
                return order;
        }

        return x.Count.CompareTo(y.Count);
    }
}

/// <summary>What a dotted path reaches; an element of a list is tried by its number and, for each document in the list, by name.</summary>
internal static class BsonPath
{
    public static IEnumerable<BsonValue> Values(BsonValue at, string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var (name, rest) = dot < 0 ? (path, null) : (path[..dot], path[(dot + 1)..]);
        if (at is BsonDocument document)
            return document.TryGetValue(name, out var value) ? rest is null ? [value] : Values(value, rest) : [];
        if (at is not BsonArray array)
            return [];
        if (int.TryParse(name, out var index))
            return index < array.Count ? rest is null ? [array[index]] : Values(array[index], rest) : [];
        return array.OfType<BsonDocument>().SelectMany(d => Values(d, path));
    }
}
