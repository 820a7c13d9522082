using System.Text.Json.Serialization;

namespace Tft.Inference.Models;

/// <summary>A model that was put into service by hand, as a restart finds it again.</summary>
/// <param name="Version">What was chosen.</param>
/// <param name="Previous">What served before that.</param>
/// <param name="Newest">The newest folder when it was chosen: what is newer than that is news to whoever chose.</param>
internal sealed record ModelChoice(string Version, string? Previous, string Newest);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelChoice))]
internal sealed partial class ModelChoiceJson : JsonSerializerContext;
