using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tft.Dashboard.Docs;

/// <summary>An operation of the service, as its own document says.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Summary">What it does; empty where the document does not say.</param>
/// <param name="Scope">Of the key; null where the document names none.</param>
public sealed record ApiOperation(string Method, string Path, string Summary, string? Scope)
{
    private static readonly string[] s_methods = ["get", "post", "put", "patch", "delete"];

    /// <summary>Reads an OpenAPI document; what is not as it should be is left out.</summary>
    public static IReadOnlyList<ApiOperation> AllOf(JsonDocument document)
    {
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("paths", out var paths) || paths.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        return [.. from path in paths.EnumerateObject()
                   where path.Value.ValueKind == JsonValueKind.Object
                   from operation in path.Value.EnumerateObject()
                   where s_methods.Contains(operation.Name) && operation.Value.ValueKind == JsonValueKind.Object
                   select new ApiOperation(operation.Name.ToUpperInvariant(), path.Name, Text(operation.Value, "summary") ?? "", ScopeOf(operation.Value))];
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Of <c>"security": [{ "api_key": ["read"] }]</c>.</summary>
    private static string? ScopeOf(JsonElement operation)
    {
        if (!operation.TryGetProperty("security", out var security) || security.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var scopes = from requirement in security.EnumerateArray()
                     where requirement.ValueKind == JsonValueKind.Object
                     from scheme in requirement.EnumerateObject()
                     where scheme.Value.ValueKind == JsonValueKind.Array
                     from scope in scheme.Value.EnumerateArray()
                     where scope.ValueKind == JsonValueKind.String
                     select scope.GetString();
        return string.Join(", ", scopes.Distinct()) is { Length: > 0 } text ? text : null;
    }
}

/// <summary>The operations of a document, in its order.</summary>
public sealed record ApiOperations(IReadOnlyList<ApiOperation> All);

[JsonSerializable(typeof(JsonDocument))]
internal sealed partial class DocumentJson : JsonSerializerContext;
