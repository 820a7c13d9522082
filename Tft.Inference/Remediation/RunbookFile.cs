using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tft.Inference.Remediation;

/// <summary>Runbooks as a file has them: everything may be missing, <see cref="RunbookRules"/> says what is.</summary>
internal sealed record RunbookFile
{
    /// <summary>True: those that come with the service are not used.</summary>
    public bool Only { get; init; }
    public List<RunbookEntry?>? Runbooks { get; init; }
}

internal sealed record RunbookEntry
{
    public string? Id { get; init; }
    public string? Title { get; init; }
    public string? About { get; init; }
    public List<string?>? Metrics { get; init; }
    public List<string?>? Profiles { get; init; }
    public List<string?>? Rules { get; init; }
    public string? When { get; init; }
    public List<StepEntry?>? Steps { get; init; }
}

internal sealed record StepEntry
{
    public string? Look { get; init; }
    public string? Do { get; init; }
    public string? Risk { get; init; }
    public string? Back { get; init; }
}

/// <summary>A name that is not known is a mistake: a step without its risk because of a typing error would be worse than none.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(RunbookFile))]
internal sealed partial class RunbookJson : JsonSerializerContext;
