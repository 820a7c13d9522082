using System.Text.Json.Serialization;

namespace Tft.Dashboard.Export;

/// <summary>A server in the JSON file of the list.</summary>
internal sealed record ServerLine(
    string ServerName, string Profile, string State, string Level, double RiskScore, double CurrentRisk, double PredictedRisk,
    double Prob30m, double Prob8h, string? Reason, bool Fallback, DateTimeOffset LastRecordAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(IEnumerable<ServerLine>))]
internal sealed partial class ExportJson : JsonSerializerContext;
