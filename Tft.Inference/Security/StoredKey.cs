using System.Text.Json.Serialization;

namespace Tft.Inference.Security;

/// <summary>A key as it is kept: its SHA-256, never itself.</summary>
internal sealed record StoredKey
{
    /// <summary>Eight hex digits, also the start of the key, so that a holder can say which one it is.</summary>
    public required string Id { get; init; }

    /// <summary>Hex SHA-256 of the whole key.</summary>
    public required string Hash { get; init; }
    public required string Scopes { get; init; }
    public required DateTimeOffset Created { get; init; }
    public DateTimeOffset? Expires { get; init; }
    public DateTimeOffset? Revoked { get; init; }
    public string? Note { get; init; }

    public bool IsLive(DateTimeOffset now) => Revoked is null && (Expires is not { } expires || now < expires);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(List<StoredKey>))]
internal sealed partial class StoredKeyJson : JsonSerializerContext;
