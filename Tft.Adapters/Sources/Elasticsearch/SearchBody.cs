using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Elastic.Transport;

namespace Tft.Adapters.Sources.Elasticsearch;

/// <summary>The bodies of searches: a range of time, the further condition; for documents the order, oldest first.</summary>
internal static class SearchBody
{
    /// <param name="only">Only documents with one of these texts in this field; null: all.</param>
    public static JsonObject Query(ElasticOptions options, DateTimeOffset from, DateTimeOffset until, (string Field, IEnumerable<string> Texts)? only = null)
    {
        var range = new JsonObject { ["gte"] = Time(from), ["lt"] = Time(until), ["format"] = "strict_date_optional_time" };
        var filter = new JsonArray { Of("range", Of(options.TimeField, range)) };
        if (options.Filter.Length > 0)
            filter.Add(JsonNode.Parse(options.Filter));
        if (only is { } named)
            filter.Add(Of("terms", Of(named.Field, new JsonArray([.. named.Texts.Select(t => (JsonNode)t)]))));
        return Of("bool", Of("filter", filter));
    }

    /// <summary>A page of documents.</summary>
    /// <param name="query">Left as it is.</param>
    /// <param name="pointInTime">Id of the point in time; null: a scroll, whose order needs no tie-break.</param>
    /// <param name="after">Sort values of the last document; null: the first page.</param>
    public static PostData Documents(ElasticOptions options, JsonObject query, string? pointInTime, JsonElement? after)
    {
        // A backing index without the field must not fail the whole search.
        var sort = new JsonArray { Of(options.TimeField, new JsonObject { ["order"] = "asc", ["unmapped_type"] = "date" }) };
        var body = new JsonObject { ["size"] = options.PageSize, ["track_total_hits"] = false, ["query"] = query.DeepClone(), ["sort"] = sort };
        if (pointInTime is not null)
        {
            // Documents of one time are told apart by their place, or a page's end would skip the rest of them.
            sort.Add(Of("_shard_doc", "asc"));
            body["pit"] = new JsonObject { ["id"] = pointInTime, ["keep_alive"] = options.KeepAlive };
        }

        if (after is { } last)
            body["search_after"] = JsonNode.Parse(last.GetRawText());
        return body.ToJsonString();
    }

    /// <summary>An object of one property.</summary>
    public static JsonObject Of(string name, JsonNode value) => new() { [name] = value };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
