using System.Text.Json.Serialization;
using Tft.Contract.Messages;

namespace Tft.Inference.Remediation;

/// <summary>The record as the file holds it: oldest first.</summary>
internal sealed record SavedApprovals
{
    public long Dropped { get; init; }
    public IReadOnlyList<ApprovalInfo> Approvals { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SavedApprovals))]
internal sealed partial class SavedApprovalsJson : JsonSerializerContext;
