using System.Text.Json;

namespace Tft.Adapters.Mapping;

/// <summary>A JSON document as a row.</summary>
internal sealed class JsonRow(JsonElement root, string name) : IRow
{
    public string Name => name;

    public JsonElement Root => root;

    public bool TryGet(FieldPath path, out Cell cell)
    {
        cell = default;
        if (Find(root, path.Steps, 0) is not { } found)
            return false;
        switch (found.ValueKind)
        {
            case JsonValueKind.Number:
                cell = Cell.Of(found.GetDouble());
                return true;
            case JsonValueKind.String:
                cell = Cell.Of(found.GetString()!);
                return true;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return false;
            default:
                var text = found.GetRawText();
                cell = Cell.Unusable(text.Length <= 40 ? text : text[..40] + "…");
                return true;
        }
    }

    /// <summary>Each name may be a key of its own or a part of a key with dots; the shorter key is looked at first.</summary>
    private static JsonElement? Find(JsonElement at, IReadOnlyList<FieldPath.Step> steps, int i)
    {
        if (i == steps.Count)
            return at;
        if (steps[i].Name is null)
            return at.ValueKind == JsonValueKind.Array && steps[i].Index < at.GetArrayLength() ? Find(at[steps[i].Index], steps, i + 1) : null;
        if (at.ValueKind != JsonValueKind.Object)
            return null;

        var key = steps[i].Name!;
        for (var next = i + 1; ; next++)
        {
            if (at.TryGetProperty(key, out var value) && Find(value, steps, next) is { } found)
                return found;
            if (next == steps.Count || steps[next].Name is not { } more)
                return null;
            key += "." + more;
        }
    }
}
