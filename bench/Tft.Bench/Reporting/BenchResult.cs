using System.Text.Json.Serialization;

namespace Tft.Bench.Reporting;

/// <summary>One figure.</summary>
/// <param name="Name">Its name, stable.</param>
/// <param name="Value">Measured here.</param>
/// <param name="Unit">Unit of value and reference.</param>
/// <param name="Reference">What the peer did in the same run; null where there is none.</param>
/// <param name="Ratio">Value to reference, more is better; null where there is none.</param>
/// <param name="Note">What a reader should know.</param>
internal sealed record BenchResult(string Name, double Value, string Unit, double? Reference = null, double? Ratio = null, string? Note = null);

/// <summary>Writes figures without reflection.</summary>
[JsonSerializable(typeof(List<BenchResult>))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class BenchResultJson : JsonSerializerContext;
