using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Tft.Tests.Sources.Elasticsearch;

/// <summary>
/// A cluster that keeps documents in memory and answers as Elasticsearch or OpenSearch do: points in time that see only what was there
/// when they were opened, search_after with the tie-break, scrolls, sign-in, and what can fail.
/// </summary>
internal sealed partial class ElasticDouble : IAsyncDisposable
{
    private readonly List<ElasticDocument> _documents = [];
    private readonly ElasticAggregations _aggregations;
    private readonly Dictionary<string, ElasticDocument[]> _reads = [];
    private readonly Dictionary<string, int> _scrolled = [];
    private StoreDouble _store = null!;
    private int _next;

    private ElasticDouble()
    {
        _aggregations = new ElasticAggregations(field => _types.TryGetValue(field, out var types) ? types : []);
        Map("@timestamp", "date");
    }

    public string Url => _store.Url;

    public string Version { get; set; } = "8.17.1";

    public bool IsOpenSearch { get; set; }

    public string Authorization { get; set; } = "";

    private X509Certificate2? Certificate { get; init; }

    /// <summary>Searches until one is answered badly; null: never.</summary>
    public int? FailIn { get; set; }

    public Func<HttpContext, Task>? Failure { get; set; }

    public bool LowersKeywords
    {
        set => _aggregations.LowersKeywords = value;
    }

    public int Searches { get; private set; }

    /// <summary>Of all answers so far, before any compression.</summary>
    public long BytesAnswered { get; private set; }

    /// <summary>Of the searches those that asked for means.</summary>
    public int Aggregations { get; private set; }

    /// <summary>Reads that were opened and not closed.</summary>
    public int OpenReads => _reads.Count;

    public JsonNode? LastSearch { get; private set; }

    public static async Task<ElasticDouble> StartAsync(int port = 0, X509Certificate2? certificate = null)
    {
        var cluster = new ElasticDouble { Certificate = certificate };
        await cluster.StartAgainAsync(port);
        return cluster;
    }

    /// <summary>After <see cref="StopAsync"/>: the documents are there, what was being read is forgotten.</summary>
    public async Task StartAgainAsync(int port) => _store = await StoreDouble.StartAsync(AnswerAsync, port, Certificate);

    public async Task StopAsync()
    {
        await _store.DisposeAsync();
        lock (_documents)
            _reads.Clear();
    }

    public void Add(string json)
    {
        lock (_documents)
            _documents.Add(Parse(json, _documents.Count));
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = IsOpenSearch ? "application/json; charset=UTF-8" : "application/json";
        if (Authorization.Length > 0 && context.Request.Headers.Authorization != Authorization)
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("""{"error":{"type":"security_exception","reason":"missing authentication credentials"},"status":401}""");
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync();
        var path = context.Request.Path.Value!;
        if (path.EndsWith("/_bulk", StringComparison.Ordinal))
        {
            await BulkAsync(context, text);
            return;
        }

        var body = text.Length == 0 ? null : JsonNode.Parse(text);
        if (path == "/")
            await context.Response.WriteAsync("{\"name\":\"n\",\"version\":{\"number\":\"" + Version + "\"" + (IsOpenSearch ? ",\"distribution\":\"opensearch\"" : "") + "}}");
        else if (context.Request.Method == "PUT")
            await CreateAsync(context, path, body);
        else if (path.EndsWith("/_field_caps", StringComparison.Ordinal))
            await CapabilitiesAsync(context);
        else if (context.Request.Method == "DELETE")
        {
            _reads.Remove((body!["id"] ?? body["scroll_id"])!.GetValue<string>());
            await context.Response.WriteAsync("""{"succeeded":true}""");
        }
        else if (path.EndsWith("/_pit", StringComparison.Ordinal))
            await context.Response.WriteAsync($$"""{"id":"{{Open()}}"}""");
        else
            await SearchAsync(context, path, body!);
    }

    private ElasticDocument Parse(string json, int place)
    {
        var source = JsonDocument.Parse(json).RootElement.Clone();
        Learn("", source);
        return new ElasticDocument(source.GetProperty("@timestamp").GetDateTimeOffset().ToUnixTimeMilliseconds(), place, source);
    }

    private string Open()
    {
        lock (_documents)
        {
            var id = "read-" + _next++;
            _reads[id] = [.. _documents];
            return id;
        }
    }

    private async Task SearchAsync(HttpContext context, string path, JsonNode body)
    {
        Searches++;
        if (FailIn is { } n && (FailIn = n - 1) == 0)
        {
            FailIn = null;
            await Failure!(context);
            return;
        }

        try
        {
            var answer = body["aggs"] is JsonObject asked ? Aggregate(body, asked)
                : body["pit"] is null && !path.EndsWith("/scroll", StringComparison.Ordinal) && !context.Request.Query.ContainsKey("scroll") ? Newest(body)
                : Page(path, body);
            context.Response.StatusCode = answer is null ? 404 : 200;
            var text = answer ?? """{"error":{"type":"search_context_missing_exception"},"status":404}""";
            BytesAnswered += text.Length;
            await context.Response.WriteAsync(text);
        }
        catch (ElasticRefusal refusal)
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync(refusal.Answer.ToJsonString());
        }
    }

    private string Aggregate(JsonNode body, JsonObject asked)
    {
        Aggregations++;
        return new JsonObject
        {
            ["took"] = 1,
            ["timed_out"] = false,
            ["_shards"] = new JsonObject { ["total"] = 1, ["failed"] = 0 },
            ["hits"] = new JsonObject { ["hits"] = new JsonArray() },
            ["aggregations"] = _aggregations.Of(asked, Find(Snapshot(), body["query"])),
        }.ToJsonString();
    }

    /// <summary>A search for the newest documents, with values as the index has them.</summary>
    private string Newest(JsonNode body)
    {
        Assert.Equal("desc", body["sort"]![0]!["@timestamp"]!.GetValue<string>());
        var hits = Find(Snapshot(), body["query"]).AsEnumerable().Reverse().Take(body["size"]!.GetValue<int>()).Select(d =>
            $$"""{"_index":"metrics-000001","_id":"doc{{d.Place}}","_source":{{d.Source.GetRawText()}},"fields":{{_aggregations.Fields(body["docvalue_fields"]!.AsArray(), d).ToJsonString()}}}""");
        return $$"""{"took":1,"timed_out":false,"_shards":{"total":1,"failed":0},"hits":{"hits":[{{string.Join(',', hits)}}] } }""";
    }

    /// <summary>A page of a point in time or a scroll; null: there is no such read.</summary>
    private string? Page(string path, JsonNode body)
    {
        var isScroll = path.EndsWith("/_search/scroll", StringComparison.Ordinal);
        if (!isScroll)
            LastSearch = body;
        var id = isScroll ? body["scroll_id"]!.GetValue<string>() : body["pit"]?["id"]!.GetValue<string>() ?? Open();
        if (!_reads.TryGetValue(id, out var documents))
            return null;

        var found = Find(documents, LastSearch!["query"]);
        if (isScroll || body["pit"] is null)
        {
            var from = _scrolled.GetValueOrDefault(id);
            _scrolled[id] = from + Size();
            found = [.. found.Skip(from)];
        }
        else if (body["search_after"] is JsonArray { Count: 2 } after)
            found = [.. found.Where(d => (d.Time, d.Place).CompareTo((after[0]!.GetValue<long>(), after[1]!.GetValue<int>())) > 0)];
        else if (body["search_after"] is JsonArray)
            throw new InvalidOperationException("a search_after without a tie-break skips documents");

        var hits = found.Take(Size()).Select(d =>
            $$"""{"_index":"metrics-000001","_id":"doc{{d.Place}}","_source":{{d.Source.GetRawText()}},"sort":[{{d.Time}},{{d.Place}}]}""");
        return $$"""{"took":1,"timed_out":false,"_shards":{"total":1,"failed":0},"pit_id":"{{id}}","_scroll_id":"{{id}}","hits":{"hits":[{{string.Join(',', hits)}}] } }""";
    }

    private int Size() => LastSearch!["size"]!.GetValue<int>();

    private ElasticDocument[] Snapshot()
    {
        lock (_documents)
            return [.. _documents];
    }

    /// <summary>What a query finds, oldest first; without one all.</summary>
    private List<ElasticDocument> Find(ElasticDocument[] documents, JsonNode? query) =>
        [.. documents.Where(d => query is null || _aggregations.Matches(query.AsObject(), d)).OrderBy(d => d.Time).ThenBy(d => d.Place)];
}
