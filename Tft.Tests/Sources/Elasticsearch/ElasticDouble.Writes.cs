using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Tft.Tests.Sources.Elasticsearch;

/// <summary>What writes to the cluster: an index that is made once, and bulks.</summary>
internal sealed partial class ElasticDouble
{
    private readonly Dictionary<string, int> _places = [];
    private readonly HashSet<string> _indices = [];

    /// <summary>Mapping with which an index was made.</summary>
    public JsonNode? CreatedWith { get; private set; }

    /// <summary>Why the next bulk's first document is refused; null: it is taken.</summary>
    public (int Status, string Type)? RefuseNext { get; set; }

    public int Documents => _documents.Count;

    private async Task CreateAsync(HttpContext context, string path, JsonNode? body)
    {
        if (_indices.Add(path))
        {
            CreatedWith = body;
            MapAll(body);
            await context.Response.WriteAsync("""{"acknowledged":true}""");
            return;
        }

        context.Response.StatusCode = 400;
        await context.Response.WriteAsync("""{"error":{"type":"resource_already_exists_exception","reason":"index already exists"},"status":400}""");
    }

    /// <summary>A line that says what to do and a line with the document, in turn; one of a known id takes its place.</summary>
    private async Task BulkAsync(HttpContext context, string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var items = new JsonArray();
        var hasErrors = RefuseNext is not null;
        lock (_documents)
        {
            for (var i = 0; i < lines.Length; i += 2)
            {
                var id = JsonNode.Parse(lines[i])!["index"]!["_id"]!.GetValue<string>();
                var answer = new JsonObject { ["_id"] = id, ["status"] = RefuseNext?.Status ?? 201 };
                items.Add(new JsonObject { ["index"] = answer });
                if (RefuseNext is { } refusal)
                {
                    answer["error"] = new JsonObject { ["type"] = refusal.Type, ["reason"] = "as the test wants" };
                    RefuseNext = null;
                }
                else if (_places.TryAdd(id, _documents.Count))
                    _documents.Add(Parse(lines[i + 1], _documents.Count));
                else
                    _documents[_places[id]] = Parse(lines[i + 1], _places[id]);
            }
        }

        await context.Response.WriteAsync(new JsonObject { ["took"] = 1, ["errors"] = hasErrors, ["items"] = items }.ToJsonString());
    }
}
