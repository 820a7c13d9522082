using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tft.Inference.Models;

/// <summary>GET /admin/models.</summary>
internal sealed record ModelsResponse
{
    /// <summary>The version in service; null: the fallback.</summary>
    public required string? Active { get; init; }

    /// <summary><c>Tft:Model</c>.</summary>
    public required string Choice { get; init; }
    public required string Directory { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<ModelEntry> Models { get; init; }
}

/// <summary>A model folder.</summary>
internal sealed record ModelEntry
{
    public required string Version { get; init; }
    public required bool Active { get; init; }
    public bool Valid { get; init; }

    /// <summary>Whether it may serve without being asked for; null where it is not valid.</summary>
    public bool? Promoted { get; init; }

    /// <summary>Everything that is wrong with it, where it is not valid; why it was not promoted, where it was not.</summary>
    public string? Reason { get; init; }
    public DateTimeOffset? Created { get; init; }
    public DateTimeOffset? LoadedAt { get; init; }
    public string? Data { get; init; }
    public int? Servers { get; init; }
    public int? Seed { get; init; }
}

/// <summary>POST /admin/models/{version}/activate.</summary>
internal sealed record ActivatedResponse(string Active, DateTimeOffset? LoadedAt);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelsResponse))]
[JsonSerializable(typeof(ActivatedResponse))]
internal sealed partial class ModelsJson : JsonSerializerContext;
