using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tft.Tests.Sources.Elasticsearch;

/// <summary>
/// The aggregations that the double knows, over documents that a query found, as Elasticsearch answers them: null for the mean of nothing, nothing for a field that no index has, 400
/// for what a field's type can't do.
/// </summary>
internal sealed class ElasticAggregations(Func<string, IReadOnlyCollection<string>> typesOf)
{
    private static readonly string[] s_sortable = ["float", "double", "long", "integer", "date", "keyword"];
    private static readonly string[] s_numbers = ["float", "double", "long", "integer"];

    /// <summary>Keywords have a normalizer that lowers them.</summary>
    public bool LowersKeywords { get; set; }

    /// <exception cref="ElasticRefusal">What Elasticsearch answers with 400.</exception>
    public JsonObject Of(JsonObject asked, IReadOnlyList<ElasticDocument> documents)
    {
        var all = new JsonObject();
        foreach (var (name, aggregation) in asked)
            all[name] = One(aggregation!.AsObject(), documents);
        return all;
    }

    private JsonObject One(JsonObject aggregation, IReadOnlyList<ElasticDocument> documents)
    {
        var (kind, body) = aggregation.Single(a => a.Key != "aggs");
        var below = aggregation["aggs"]?.AsObject() ?? [];
        return kind switch
        {
            "avg" => new JsonObject { ["value"] = Numbers(body!, documents) is { Count: > 0 } numbers ? numbers.Average() : null },
            "max" => new JsonObject { ["value"] = documents.Count > 0 ? documents.Max(d => (double)d.Time) : null },
            "cardinality" => new JsonObject { ["value"] = documents.Select(d => Value(d, Field(body!, s_sortable))).Where(v => v is not null).Distinct().Count() },
            "missing" => new JsonObject { ["doc_count"] = documents.Count(d => Value(d, Field(body!, s_sortable)) is null) },
            "filter" => Below(below, documents.Where(d => Matches(body!.AsObject(), d)).ToList()),
            "terms" => Terms(body!, documents),
            "top_hits" => TopHits(body!, documents),
            "composite" => Composite(body!.AsObject(), below, documents),
            _ => throw new ElasticRefusal("parsing_exception", $"Unknown aggregation type [{kind}]"),
        };
    }

    /// <summary>What a document's field is in the index; null: it has none there.</summary>
    public object? Value(ElasticDocument document, string field)
    {
        var types = typesOf(field);
        if (types.Count == 0 || document.Find(field.EndsWith(".keyword", StringComparison.Ordinal) ? field[..^8] : field) is not { } value)
            return null;
        if (types.Contains("date"))
            return document.Time;
        if (types.Contains("keyword"))
            return value.ValueKind == JsonValueKind.String ? LowersKeywords ? value.GetString()!.ToLowerInvariant() : value.GetString() : null;
        var isNumber = value.ValueKind == JsonValueKind.Number;
        if (!isNumber && value.ValueKind != JsonValueKind.String)
            return null;
        var number = isNumber ? value.GetDouble() : double.Parse(value.GetString()!, CultureInfo.InvariantCulture);
        return types.Contains("long") || types.Contains("integer") ? Math.Truncate(number) : types.Contains("float") ? (double)(float)number : number;
    }

    public bool Matches(JsonObject query, ElasticDocument document)
    {
        var (kind, body) = query.Single();
        var (field, condition) = body!.AsObject().First();
        return kind switch
        {
            "bool" => body["filter"]!.AsArray().All(f => Matches(f!.AsObject(), document)),
            "exists" => Value(document, condition!.GetValue<string>()) is not null,
            "term" => Equals(Value(document, field), condition!.GetValue<string>()),
            "terms" => condition!.AsArray().Any(c => Equals(Value(document, field), c!.GetValue<string>())),
            "range" when condition!["format"] is not null => document.Time >= Time(condition["gte"]!) && document.Time < Time(condition["lt"]!),
            "range" => Value(document, field) is double number && !(number < condition["gte"]?.GetValue<double>()) && !(number > condition["lte"]?.GetValue<double>()),
            _ => throw new ElasticRefusal("parsing_exception", $"unknown query [{kind}]"),
        };
    }

    private static long Time(JsonNode time) => time.GetValue<DateTimeOffset>().ToUnixTimeMilliseconds();

    private JsonObject Below(JsonObject aggregations, List<ElasticDocument> documents)
    {
        var bucket = Of(aggregations, documents);
        bucket["doc_count"] = documents.Count;
        return bucket;
    }

    private JsonObject Terms(JsonNode body, IReadOnlyList<ElasticDocument> documents)
    {
        var field = Field(body, ["keyword"]);
        var groups = documents.GroupBy(d => Value(d, field) as string).Where(g => g.Key is not null).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal);
        return new JsonObject { ["buckets"] = new JsonArray([.. groups.Take(body["size"]!.GetValue<int>()).Select(g => (JsonNode)new JsonObject { ["key"] = g.Key, ["doc_count"] = g.Count() })]) };
    }

    private JsonObject TopHits(JsonNode body, IReadOnlyList<ElasticDocument> documents)
    {
        Assert.Equal("desc", body["sort"]![0]!["@timestamp"]!.GetValue<string>());
        var hits = documents.OrderByDescending(d => d.Time).Take(body["size"]!.GetValue<int>()).Select(d => (JsonNode)new JsonObject
        {
            ["_index"] = "metrics-000001",
            ["_id"] = $"doc{d.Place}",
            ["_score"] = null,
            ["fields"] = Fields(body["docvalue_fields"]!.AsArray(), d),
            ["sort"] = new JsonArray { d.Time },
        });
        return new JsonObject { ["hits"] = new JsonObject { ["total"] = new JsonObject { ["value"] = documents.Count, ["relation"] = "eq" }, ["max_score"] = null, ["hits"] = new JsonArray([.. hits]) } };
    }

    /// <summary>Values as the index has them, each in a list; what is not there is left out.</summary>
    public JsonObject Fields(JsonArray names, ElasticDocument document) => new(names.Select(n => n!.GetValue<string>())
        .Select(n => KeyValuePair.Create(n, Value(document, n))).Where(v => v.Value is not null)
        .Select(v => KeyValuePair.Create(v.Key, (JsonNode?)new JsonArray { JsonValue.Create(v.Value) })));

    /// <summary>Buckets by time and text, ordered by both; documents without the text are in none.</summary>
    private JsonObject Composite(JsonObject body, JsonObject below, IReadOnlyList<ElasticDocument> documents)
    {
        var (size, sources) = (body["size"]!.GetValue<int>(), body["sources"]!.AsArray());
        if (size > 65_535)
            throw new ElasticRefusal("too_many_buckets_exception", "Trying to create too many buckets.");
        var (time, by) = sources[0]!.AsObject().Single();
        var (text, terms) = sources[1]!.AsObject().Single();
        var interval = int.Parse(by!["date_histogram"]!["fixed_interval"]!.GetValue<string>().TrimEnd('s'), CultureInfo.InvariantCulture) * 1000L;
        var field = Field(terms!["terms"]!, ["keyword"]);
        var groups = documents.Select(d => (Bucket: d.Time / interval * interval, Text: Value(d, field) as string, Document: d)).Where(d => d.Text is not null)
            .GroupBy(d => (d.Bucket, d.Text), d => d.Document).OrderBy(g => g.Key.Bucket).ThenBy(g => g.Key.Text, StringComparer.Ordinal).ToList();
        if (body["after"] is { } after)
        {
            var (bucket, name) = (after[time]!.GetValue<long>(), after[text]!.GetValue<string>());
            groups = [.. groups.Where(g => g.Key.Bucket > bucket || (g.Key.Bucket == bucket && string.CompareOrdinal(g.Key.Text, name) > 0))];
        }

        var buckets = new JsonArray();
        foreach (var group in groups.Take(size))
        {
            var one = Below(below, [.. group]);
            one["key"] = new JsonObject { [time] = group.Key.Bucket, [text] = group.Key.Text };
            buckets.Add(one);
        }

        var answer = new JsonObject { ["buckets"] = buckets };
        if (buckets.Count > 0)
            answer["after_key"] = buckets[^1]!["key"]!.DeepClone();
        return answer;
    }

    private List<double> Numbers(JsonNode body, IReadOnlyList<ElasticDocument> documents)
    {
        var field = Field(body, s_numbers);
        return [.. documents.Select(d => Value(d, field)).OfType<double>()];
    }

    /// <summary>The field, which an aggregation can take: of one of these types, or in no index.</summary>
    private string Field(JsonNode body, string[] types)
    {
        var field = body["field"]!.GetValue<string>();
        foreach (var type in typesOf(field))
        {
            if (type == "text")
                throw new ElasticRefusal("illegal_argument_exception", $"Fielddata is disabled on [{field}] in [metrics-000001]. Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead.");
            if (!types.Contains(type))
                throw new ElasticRefusal("illegal_argument_exception", $"Field [{field}] of type [{type}] is not supported for this aggregation");
        }

        return field;
    }
}

/// <summary>A document with its @timestamp in milliseconds, and where it stands in the index: the tie-break.</summary>
internal sealed record ElasticDocument(long Time, int Place, JsonElement Source)
{
    /// <summary>The value at a path, whether its names are keys in keys or one key with dots.</summary>
    public JsonElement? Find(string path) => Find(Source, path);

    private static JsonElement? Find(JsonElement at, string path)
    {
        if (at.ValueKind != JsonValueKind.Object)
            return null;
        if (at.TryGetProperty(path, out var value))
            return value.ValueKind == JsonValueKind.Null ? null : value;
        for (var dot = path.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = path.IndexOf('.', dot + 1))
        {
            if (at.TryGetProperty(path[..dot], out var inner) && Find(inner, path[(dot + 1)..]) is { } found)
                return found;
        }

        return null;
    }
}

/// <summary>An answer of 400.</summary>
internal sealed class ElasticRefusal(string type, string reason) : Exception(reason)
{
    public JsonObject Answer => new()
    {
        ["error"] = new JsonObject { ["root_cause"] = new JsonArray { new JsonObject { ["type"] = type, ["reason"] = Message } }, ["type"] = "search_phase_execution_exception", ["reason"] = "all shards failed" },
        ["status"] = 400,
    };
}
