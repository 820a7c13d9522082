using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Elastic.Transport;

namespace Tft.Adapters.Sources.Elasticsearch;

/// <summary>The body of a search: a range of time, the further condition, oldest first.</summary>
internal static class SearchBody
{
    /// <param name="pointInTime">Id of the point in time; null: a scroll, whose order needs no tie-break.</param>
    /// <param name="after">Sort values of the last document; null: the first page.</param>
    public static PostData Write(ElasticOptions options, DateTimeOffset from, DateTimeOffset until, string? pointInTime, JsonElement? after)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("size", options.PageSize);
            json.WriteBoolean("track_total_hits", false);
            json.WriteStartObject("query");
            json.WriteStartObject("bool");
            json.WriteStartArray("filter");
            json.WriteStartObject();
            json.WriteStartObject("range");
            json.WriteStartObject(options.TimeField);
            json.WriteString("gte", Time(from));
            json.WriteString("lt", Time(until));
            json.WriteString("format", "strict_date_optional_time");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            if (options.Filter.Length > 0)
                json.WriteRawValue(options.Filter);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            Sort(json, options, pointInTime is not null);
            if (pointInTime is not null)
            {
                json.WriteStartObject("pit");
                json.WriteString("id", pointInTime);
                json.WriteString("keep_alive", options.KeepAlive);
                json.WriteEndObject();
            }

            if (after is { } last)
            {
                json.WritePropertyName("search_after");
                last.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return PostData.ReadOnlyMemory(buffer.WrittenMemory);
    }

    /// <summary>Documents of one time are told apart by their place, or a page's end would skip the rest of them.</summary>
    private static void Sort(Utf8JsonWriter json, ElasticOptions options, bool withTieBreak)
    {
        json.WriteStartArray("sort");
        json.WriteStartObject();
        json.WriteStartObject(options.TimeField);
        json.WriteString("order", "asc");
        // A backing index without the field must not fail the whole search.
        json.WriteString("unmapped_type", "date");
        json.WriteEndObject();
        json.WriteEndObject();
        if (withTieBreak)
        {
            json.WriteStartObject();
            json.WriteString("_shard_doc", "asc");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
