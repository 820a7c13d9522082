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
    private readonly List<Document> _documents = [];
    private readonly Dictionary<string, Document[]> _reads = [];
    private readonly Dictionary<string, int> _scrolled = [];
    private StoreDouble _store = null!;
    private int _next;

    public string Url => _store.Url;

    public string Version { get; set; } = "8.17.1";

    public bool IsOpenSearch { get; set; }

    public string Authorization { get; set; } = "";

    private X509Certificate2? Certificate { get; init; }

    /// <summary>Searches until one is answered badly; null: never.</summary>
    public int? FailIn { get; set; }

    public Func<HttpContext, Task>? Failure { get; set; }

    public int Searches { get; private set; }

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
        else if (body?["aggs"] is not null)
            await NewestAsync(context);
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

    private static Document Parse(string json, int place)
    {
        var source = JsonDocument.Parse(json).RootElement.Clone();
        return new Document(source.GetProperty("@timestamp").GetDateTimeOffset().ToUnixTimeMilliseconds(), place, source);
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

        var isScroll = path.EndsWith("/_search/scroll", StringComparison.Ordinal);
        if (!isScroll)
            LastSearch = body;
        var id = isScroll ? body["scroll_id"]!.GetValue<string>() : body["pit"]?["id"]!.GetValue<string>() ?? Open();
        if (!_reads.TryGetValue(id, out var documents))
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("""{"error":{"type":"search_context_missing_exception"},"status":404}""");
            return;
        }

        var found = Find(documents, LastSearch!);
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
        await context.Response.WriteAsync(
            $$"""{"took":1,"timed_out":false,"_shards":{"total":1,"failed":0},"pit_id":"{{id}}","_scroll_id":"{{id}}","hits":{"hits":[{{string.Join(',', hits)}}] } }""");
    }

    private int Size() => LastSearch!["size"]!.GetValue<int>();

    private static List<Document> Find(Document[] documents, JsonNode search)
    {
        var range = search["query"]!["bool"]!["filter"]![0]!["range"]!["@timestamp"]!;
        var (from, until) = (range["gte"]!.GetValue<DateTimeOffset>().ToUnixTimeMilliseconds(), range["lt"]!.GetValue<DateTimeOffset>().ToUnixTimeMilliseconds());
        return [.. documents.Where(d => d.Time >= from && d.Time < until).OrderBy(d => d.Time).ThenBy(d => d.Place)];
    }

    /// <summary>A document with its @timestamp in milliseconds, and where it stands in the index: the tie-break.</summary>
    private sealed record Document(long Time, int Place, JsonElement Source);
}
