using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Tft.Tests.Sources.Elasticsearch;

/// <summary>
/// How the cluster's fields are mapped: as an index was made or as the test says, else by the first document that has the field. A document that does not fit is one of a further
/// index, whose field is of another type: the index that has the field would have refused it.
/// </summary>
internal sealed partial class ElasticDouble
{
    private static readonly string[] s_numbers = ["float", "double", "long", "integer"];

    private readonly Dictionary<string, SortedSet<string>> _types = [];

    /// <summary>Maps a field before the first document has it: <c>float</c>, <c>keyword</c>, <c>text</c>, <c>nested</c>.</summary>
    public void Map(string field, string type) => _types[field] = [type];

    private void MapAll(JsonNode? created)
    {
        foreach (var (name, definition) in created?["mappings"]?["properties"]?.AsObject() ?? [])
            Map(name, definition!["type"]!.GetValue<string>());
    }

    private void Learn(string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                if (path.Length > 0)
                    Learn(path, "object");
                foreach (var property in value.EnumerateObject())
                    Learn(path.Length > 0 ? $"{path}.{property.Name}" : property.Name, property.Value);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    Learn(path, item);
                break;
            case JsonValueKind.Number:
                Learn(path, value.GetRawText().AsSpan().IndexOfAny(".eE") < 0 ? "long" : "float");
                break;
            case JsonValueKind.String when !IsNumber(path, value):
                Learn(path, DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, out _) && value.GetString()!.Contains('T', StringComparison.Ordinal) ? "date" : "text");
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Learn(path, "boolean");
                break;
        }
    }

    private void Learn(string path, string type)
    {
        if (!_types.TryGetValue(path, out var known))
        {
            _types[path] = [type];
            if (type == "text")
                _types[path + ".keyword"] = ["keyword"];
        }
        else if (!Fits(type, known))
            known.Add(type);
    }

    private static bool Fits(string type, SortedSet<string> known) => type switch
    {
        "long" or "float" => known.Overlaps(s_numbers),
        "text" => known.Overlaps(["text", "keyword"]),
        "object" => known.Overlaps(["object", "nested"]),
        _ => known.Contains(type),
    };

    /// <summary>"12.5" fits a field of numbers.</summary>
    private bool IsNumber(string path, JsonElement text) =>
        _types.TryGetValue(path, out var known) && known.Overlaps(s_numbers) && double.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private Task CapabilitiesAsync(HttpContext context)
    {
        var fields = new JsonObject();
        foreach (var name in context.Request.Query["fields"].ToString().Split(','))
        {
            // The objects that a field lies in are answered with it.
            for (var field = name; _types.TryGetValue(name, out _) && field.Length > 0; field = field.Contains('.', StringComparison.Ordinal) ? field[..field.LastIndexOf('.')] : "")
            {
                if (_types.TryGetValue(field, out var types) && !fields.ContainsKey(field))
                    fields[field] = new JsonObject(types.Select(t => KeyValuePair.Create(t, (JsonNode?)new JsonObject { ["type"] = t, ["searchable"] = true, ["aggregatable"] = t is not ("text" or "object" or "nested") })));
            }
        }

        var indices = _documents.Count > 0 || _indices.Count > 0 ? new JsonArray { "metrics-000001" } : [];
        return context.Response.WriteAsync(new JsonObject { ["indices"] = indices, ["fields"] = fields }.ToJsonString());
    }
}
