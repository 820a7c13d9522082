using Tft.Contract.Records;

namespace Tft.Adapters.Sources;

/// <summary>Some rows, mapped, and how far the source has been read once they are acknowledged.</summary>
/// <param name="Records">In order of time; possibly none.</param>
/// <param name="Reached">Every row before this time has been delivered, except late ones; null: the page says nothing about time.</param>
/// <param name="Position">Opaque to the loop: an offset, a sort key.</param>
internal sealed record SourcePage(IReadOnlyList<MetricRecord> Records, DateTimeOffset? Reached, string? Position = null)
{
    /// <summary>Rows or fields that could not be mapped, in words.</summary>
    public IReadOnlyList<MappingFault> Faults { get; init; } = [];
}

/// <summary>Why a field of a row (or the whole row) could not be used.</summary>
/// <param name="Row">Which row, so that it can be found: line 17, _id 65f..., row 3 of the page.</param>
/// <param name="Field">Path of the field in the source; empty for the whole row.</param>
internal sealed record MappingFault(string Row, string Field, string Reason);
