using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tft.Contract.Metrics;

namespace Tft.Bench.Sources;

/// <summary>
/// Elasticsearch's answers of the right shape and size, with a document of each server every five seconds up to now. What a real cluster would compute for them is not in a figure.
/// </summary>
/// <param name="servers">Size of the fleet.</param>
/// <param name="hasKeyword">False: servers' names are mapped as text alone, so that no means can be asked for.</param>
internal sealed class ElasticAnswers(int servers, bool hasKeyword = true)
{
    private const int Every = 5;

    private int _requests;
    private long _bytes;

    public int Requests => _requests;

    /// <summary>Of all answers, before any compression.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>A record of the contract as one JSON line.</summary>
    public static string Document(int server, long seconds) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"@timestamp":"{{DateTimeOffset.FromUnixTimeSeconds(seconds):yyyy-MM-ddTHH:mm:ss}}Z","hostname":"host{{server:D5}}","cpu_user_pct":21.5,"cpu_sys_pct":4.2,"cpu_iowait_pct":0.9,"cpu_idle_pct":73.4,"java_cpu_pct":12.5,"mem_used_pct":48.1,"swap_used_pct":0.5,"disk_usage_pct":61.25,"net_in_mb_s":12.5,"net_out_mb_s":8.3,"back_close_wait":3,"front_close_wait":2,"load_average":1.92,"uptime_days":10.5}""");

    public async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var answer = path switch
        {
            "/" => """{"version":{"number":"8.17.1"}}""",
            _ when context.Request.Method == "DELETE" => """{"succeeded":true}""",
            _ when path.EndsWith("/_field_caps", StringComparison.Ordinal) => Capabilities(),
            _ when path.EndsWith("_pit", StringComparison.Ordinal) => """{"id":"one"}""",
            _ => await SearchAsync(context),
        };
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytes, answer.Length);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer);
    }

    private async Task<string> SearchAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var range = body.RootElement.GetProperty("query").GetProperty("bool").GetProperty("filter")[0].GetProperty("range").GetProperty("@timestamp");
        var from = (range.GetProperty("gte").GetDateTimeOffset().ToUnixTimeSeconds() + Every - 1) / Every * Every;
        var until = Math.Min(range.GetProperty("lt").GetDateTimeOffset().ToUnixTimeSeconds(), DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        if (body.RootElement.TryGetProperty("aggs", out var aggregations))
            return Means(aggregations.GetProperty("means").GetProperty("composite"), from, until);
        if (!body.RootElement.TryGetProperty("pit", out _))
            return """{"timed_out":false,"_shards":{"failed":0},"hits":{"hits":[]}}""";
        return Documents(body.RootElement.TryGetProperty("search_after", out var after) ? (after[0].GetInt64() / 1000, after[1].GetInt32() + 1) : (from, 0), until);
    }

    private string Documents((long Time, int Server) next, long until)
    {
        var hits = new StringBuilder();
        var (time, server) = next;
        for (var n = 0; n < 1000; n++, server++)
        {
            if (server == servers)
                (time, server) = (time + Every, 0);
            if (time >= until)
                break;
            hits.Append(hits.Length > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $$"""{"_index":"metrics","_id":"{{server}}-{{time}}","_source":""").Append(Document(server, time))
                .Append(CultureInfo.InvariantCulture, $",\"sort\":[{time * 1000},{server}]}}");
        }

        return """{"timed_out":false,"_shards":{"failed":0},"hits":{"hits":[""" + hits + "]}}";
    }

    private string Capabilities()
    {
        var fields = MetricCatalog.All.Select(m => (m.Name, Type: m.IsInteger ? "long" : "float")).Append(("@timestamp", "date")).Append(("hostname", "text"));
        if (hasKeyword)
            fields = fields.Append(("hostname.keyword", "keyword"));
        var answer = new JsonObject();
        foreach (var (name, type) in fields)
            answer[name] = new JsonObject { [type] = new JsonObject { ["type"] = type, ["metadata_field"] = false, ["searchable"] = true, ["aggregatable"] = type != "text" } };
        return new JsonObject { ["indices"] = new JsonArray { "metrics" }, ["fields"] = answer }.ToJsonString();
    }

    /// <summary>Buckets by time and server behind the one that the last page ended with.</summary>
    private string Means(JsonElement composite, long from, long until)
    {
        const int Step = 300;
        var (size, time, server) = (composite.GetProperty("size").GetInt32(), from / Step * Step, 0);
        if (composite.TryGetProperty("after", out var after))
            (time, server) = (after.GetProperty("b").GetInt64() / 1000, int.Parse(after.GetProperty("s").GetString()!.AsSpan(4), CultureInfo.InvariantCulture) + 1);
        var buckets = new StringBuilder();
        var key = "";
        for (var n = 0; n < size; n++, server++)
        {
            if (server == servers)
                (time, server) = (time + Step, 0);
            if (time >= until)
                break;
            key = string.Create(CultureInfo.InvariantCulture, $$"""{"b":{{time * 1000}},"s":"host{{server:D5}}"}""");
            buckets.Append(buckets.Length > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $$"""{"key":{{key}},"doc_count":60,"times":{"value":60}""");
            foreach (var metric in MetricCatalog.All)
            {
                var value = metric.Rule != BucketRule.Last ? """{"value":21.512345678901234}"""
                    : $$$"""{"hits":{"total":{"value":60,"relation":"eq"},"max_score":null,"hits":[{"_index":"metrics","_id":"{{{server}}}-{{{time}}}","_score":null,"fields":{"{{{metric.Name}}}":[3]},"sort":[{{{time * 1000}}}]}]}}""";
                buckets.Append(CultureInfo.InvariantCulture, $",\"{metric.Name}\":{{\"doc_count\":60,\"v\":{value}}}");
            }

            buckets.Append('}');
        }

        return """{"took":1,"timed_out":false,"_shards":{"total":1,"failed":0},"hits":{"hits":[]},"aggregations":{"unnamed":{"doc_count":0},"means":{"buckets":[""" + buckets + "]"
            + (key.Length > 0 ? $",\"after_key\":{key}" : "") + "}}}";
    }
}
