using System.Text.Json;

namespace Tft.Adapters.Hosting;

/// <summary>
/// The adapters' JSON files, comments allowed, as configuration keys: <c>tft_daemon</c> is the service, <c>fetch_interval</c> and
/// <c>batch_size</c> the loop, the source's own object its section. Names are snake_case there and mean the same here.
/// </summary>
internal static class AdapterConfigFile
{
    private static readonly Dictionary<string, string> s_loop = new(StringComparer.Ordinal)
    {
        ["fetch_interval"] = "Tft:Adapter:Interval",
        ["interval"] = "Tft:Adapter:Interval",
        ["batch_size"] = "Tft:Adapter:BatchSize",
        ["overlap"] = "Tft:Adapter:Overlap",
        ["backfill_hours"] = "Tft:Adapter:Backfill",
        ["timeout"] = "Tft:Adapter:Timeout",
        ["source_name"] = "Tft:Adapter:Name",
    };

    private static readonly Dictionary<string, string> s_daemon = new(StringComparer.Ordinal)
    {
        ["url"] = "Tft:InferenceUrl",
        ["api_key"] = "Tft:ApiKey",
    };

    /// <exception cref="ConfigurationException">The file is missing, is not JSON, or has keys that nothing reads; each is named.</exception>
    public static IReadOnlyDictionary<string, string?> Read(string path, SourceKind kind)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([$"{path}: {e.Message}"]);
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ConfigurationException([$"{path}: a JSON object is expected"]);
            var keys = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            var faults = new List<string>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (s_loop.TryGetValue(property.Name, out var key))
                    keys[key] = Text(property.Value);
                else if (property.Name == "tft_daemon")
                    Daemon(path, property.Value, keys, faults);
                else if (property.Name == kind.Name || kind.FileSections.Contains(property.Name))
                    Flatten(kind.Section, property.Value, keys);
                else
                    faults.Add($"{path}: unknown key '{property.Name}'; known are {string.Join(", ", (string[])[kind.Name, .. kind.FileSections, "tft_daemon", .. s_loop.Keys])}");
            }

            return faults.Count == 0 ? keys : throw new ConfigurationException(faults);
        }
    }

    private static void Daemon(string path, JsonElement daemon, Dictionary<string, string?> keys, List<string> faults)
    {
        if (daemon.ValueKind != JsonValueKind.Object)
        {
            faults.Add($"{path}: tft_daemon must be an object with url and api_key");
            return;
        }

        foreach (var property in daemon.EnumerateObject())
        {
            if (s_daemon.TryGetValue(property.Name, out var key))
                keys[key] = Text(property.Value);
            else
                faults.Add($"{path}: unknown key 'tft_daemon.{property.Name}'; known are {string.Join(", ", s_daemon.Keys)}");
        }
    }

    private static void Flatten(string prefix, JsonElement value, Dictionary<string, string?> keys)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                    Flatten($"{prefix}:{Name(prefix, property.Name)}", property.Value, keys);
                break;
            case JsonValueKind.Array:
                var i = 0;
                foreach (var item in value.EnumerateArray())
                    Flatten($"{prefix}:{i++}", item, keys);
                break;
            case JsonValueKind.Null:
                break;
            default:
                keys[prefix] = Text(value);
                break;
        }
    }

    /// <summary>Settings are written index_pattern here and IndexPattern there; names of metrics and fields stay as they are.</summary>
    private static string Name(string prefix, string name) =>
        prefix.Contains(":Mapping", StringComparison.OrdinalIgnoreCase) || prefix.EndsWith(":Queries", StringComparison.OrdinalIgnoreCase)
        || prefix.Contains(":Metrics", StringComparison.OrdinalIgnoreCase) || prefix.EndsWith(":Headers", StringComparison.OrdinalIgnoreCase)
            ? name : name.Replace("_", "", StringComparison.Ordinal);

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
}
