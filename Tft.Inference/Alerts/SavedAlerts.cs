using System.Text.Json.Serialization;
using Tft.Contract.Messages;

namespace Tft.Inference.Alerts;

/// <summary>What survives a restart. Pending ones begin anew.</summary>
internal sealed record SavedAlerts
{
    public IReadOnlyList<AlertInfo> Firing { get; init; } = [];
    public IReadOnlyList<string> Announced { get; init; } = [];
    public IReadOnlyList<AlertInfo> History { get; init; } = [];
    public IReadOnlyList<SilenceInfo> Silences { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SavedAlerts))]
internal sealed partial class SavedAlertsJson : JsonSerializerContext;
