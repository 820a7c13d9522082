using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Elastic.Transport;
using Tft.Adapters.Mapping;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Time;

namespace Tft.Adapters.Sources.Elasticsearch;

/// <summary>
/// The search for five-minute means, and its answer: a composite aggregation by bucket and server, in this order; below it for each metric the mean of what is in its range, or
/// the last value, all states, and by how many times the documents differ. All of it is in Elasticsearch from 7.2 and in OpenSearch.
/// </summary>
internal sealed class MeansSearch(ElasticOptions options, MeansFields fields, RecordMapper mapper)
{
    private const string Means = "means";
    private const string Unnamed = "unnamed";
    private const string Bucket = "b";
    private const string Server = "s";
    private const string Times = "times";
    private const string Value = "v";

    /// <summary>Below it times are counted exactly, or too few where two of them look alike; so two documents of one time are never missed.</summary>
    private const int ExactTimes = 400;

    /// <summary>Bounds that say nothing, and which a field of whole numbers could not be compared with.</summary>
    private const double Boundless = 1e15;

    private const int MostTexts = 20;

    /// <summary>Buckets of one answer; the cluster refuses more than 10,000 or 65,535, by its version.</summary>
    public int Size { get; } = Math.Min(options.PageSize, 1000);

    /// <summary>Which servers' documents; null: all.</summary>
    public (string Field, IEnumerable<string> Texts)? Only(IReadOnlySet<string>? servers) => servers is null ? null : (fields.Server, servers);

    /// <param name="query">Left as it is.</param>
    /// <param name="after">Key of the last bucket; null: the first page.</param>
    public PostData Body(JsonObject query, JsonNode? after)
    {
        var by = new JsonArray
        {
            SearchBody.Of(Bucket, SearchBody.Of("date_histogram", new JsonObject { ["field"] = options.TimeField, ["fixed_interval"] = $"{TimeGrid.StepSeconds}s" })),
            SearchBody.Of(Server, SearchBody.Of("terms", SearchBody.Of("field", fields.Server))),
        };
        var composite = new JsonObject { ["size"] = Size, ["sources"] = by };
        if (after is not null)
            composite["after"] = after.DeepClone();
        var below = new JsonObject { [Times] = SearchBody.Of("cardinality", new JsonObject { ["field"] = options.TimeField, ["precision_threshold"] = ExactTimes }) };
        foreach (var field in fields.Metrics)
            below[field.Metric.Name] = new JsonObject { ["filter"] = IsGood(field), ["aggs"] = SearchBody.Of(Value, Of(field)) };
        foreach (var text in fields.Texts)
            below[text.Name] = SearchBody.Of("terms", new JsonObject { ["field"] = text.Keyword, ["size"] = MostTexts });
        var all = new JsonObject
        {
            [Unnamed] = SearchBody.Of("missing", SearchBody.Of("field", fields.Server)),
            [Means] = new JsonObject { ["composite"] = composite, ["aggs"] = below },
        };
        return new JsonObject { ["size"] = 0, ["track_total_hits"] = false, ["query"] = query.DeepClone(), ["aggs"] = all }.ToJsonString();
    }

    /// <summary>One answer.</summary>
    public MeansPage Read(JsonElement answer)
    {
        var all = answer.GetProperty("aggregations");
        var composite = all.GetProperty(Means);
        var page = new MeansPage(all.GetProperty(Unnamed).GetProperty("doc_count").GetInt64(), composite.TryGetProperty("after_key", out var after) ? JsonNode.Parse(after.GetRawText()) : null);
        foreach (var bucket in composite.GetProperty("buckets").EnumerateArray())
        {
            var key = bucket.GetProperty("key");
            var server = key.GetProperty(Server).GetString()!;
            var start = DateTimeOffset.FromUnixTimeMilliseconds(key.GetProperty(Bucket).GetInt64());
            page.Last = start;
            page.Buckets++;
            var documents = bucket.GetProperty("doc_count").GetInt64();
            // More than one a second: the service would take only the first of each, which a mean can't tell.
            if (documents > TimeGrid.StepSeconds || documents > bucket.GetProperty(Times).GetProperty("value").GetInt64())
                page.Doubled.Add(server);
            else if (Record(bucket, server, start, page.Faults) is { } record)
                page.Records.Add(record);
        }

        return page;
    }

    private static JsonObject IsGood(MeanField field)
    {
        var (least, most) = RecordMapper.Range(field.Metric, field.Rule);
        var range = new JsonObject();
        if (Math.Abs(least) < Boundless)
            range["gte"] = least;
        if (Math.Abs(most) < Boundless)
            range["lte"] = most;
        return range.Count > 0 ? SearchBody.Of("range", SearchBody.Of(field.Path.Text, range)) : SearchBody.Of("exists", SearchBody.Of("field", field.Path.Text));
    }

    private JsonObject Of(MeanField field) => field.Metric.Rule != BucketRule.Last
        ? SearchBody.Of("avg", SearchBody.Of("field", field.Path.Text))
        : SearchBody.Of("top_hits", new JsonObject
        {
            ["size"] = 1,
            ["sort"] = new JsonArray { SearchBody.Of(options.TimeField, "desc") },
            ["_source"] = false,
            ["docvalue_fields"] = new JsonArray { field.Path.Text },
        });

    private MetricRecord? Record(JsonElement bucket, string server, DateTimeOffset start, List<MappingFault> faults)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"mean of {server} from {start:yyyy-MM-dd HH:mm}");
        var cells = new Dictionary<string, Cell>(StringComparer.OrdinalIgnoreCase) { [options.TimeField] = Cell.Of(start), [fields.ServerPath.Text] = Cell.Of(server) };
        foreach (var field in fields.Metrics)
        {
            if (Number(bucket.GetProperty(field.Metric.Name).GetProperty(Value), field) is { } number)
                cells[field.Path.Text] = Cell.Of(number);
        }

        // Each state or profile is a row of its own, as it was in the index.
        var rows = new List<IRow> { new ColumnsRow(cells, name) };
        foreach (var text in fields.Texts)
        {
            foreach (var found in bucket.GetProperty(text.Name).GetProperty("buckets").EnumerateArray())
                rows.Add(new ColumnsRow(new Dictionary<string, Cell>(StringComparer.OrdinalIgnoreCase) { [text.Path.Text] = Cell.Of(found.GetProperty("key").GetString()!) }, name));
        }

        return mapper.Map(server, start, rows, faults);
    }

    /// <summary>A mean is null where no document has the field, a list of last ones empty.</summary>
    private static double? Number(JsonElement answer, MeanField field)
    {
        if (field.Metric.Rule != BucketRule.Last)
            return answer.GetProperty("value") is { ValueKind: JsonValueKind.Number } mean ? mean.GetDouble() : null;
        var hits = answer.GetProperty("hits").GetProperty("hits");
        return hits.GetArrayLength() > 0 && hits[0].TryGetProperty("fields", out var values) && values.TryGetProperty(field.Path.Text, out var last) ? last[0].GetDouble() : null;
    }
}

/// <summary>What one answer told.</summary>
/// <param name="Unnamed">Documents of the whole range without a server's name.</param>
/// <param name="After">Where the next page begins; null: there is none.</param>
internal sealed record MeansPage(long Unnamed, JsonNode? After)
{
    public List<MetricRecord> Records { get; } = [];

    /// <summary>Servers with two documents of one time, whose means are therefore none.</summary>
    public HashSet<string> Doubled { get; } = new(StringComparer.Ordinal);

    public List<MappingFault> Faults { get; } = [];

    public int Buckets { get; set; }

    /// <summary>Start of the newest bucket; buckets before it are complete.</summary>
    public DateTimeOffset Last { get; set; }
}
