using System.Text.Json.Serialization;

namespace Tft.Adapters.Cursors;

/// <summary>How far a source has been read and acknowledged.</summary>
internal sealed record SourceCursor
{
    public required string Source { get; init; }

    /// <summary>Everything before is pushed; rows may be late by the overlap.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Rows are never read from before this time again: up to here, means were back-filled.</summary>
    public required DateTimeOffset Floor { get; init; }

    public string? Position { get; init; }

    /// <summary>While a back-fill is under way: where it ends. <see cref="Time"/> is then its progress.</summary>
    public DateTimeOffset? BackfillUntil { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(SourceCursor))]
internal sealed partial class CursorJson : JsonSerializerContext;
