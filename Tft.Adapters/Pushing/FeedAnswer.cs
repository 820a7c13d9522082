using System.Text.Json;
using System.Text.Json.Serialization;
using Tft.Contract.Messages;

namespace Tft.Adapters.Pushing;

/// <summary>What POST /feed may answer, a problem included; only the fields that the adapter acts on.</summary>
internal sealed record FeedAnswer
{
    public string? Status { get; init; }
    public int Accepted { get; init; }
    public int Duplicates { get; init; }
    public IReadOnlyList<RejectedRecord> Rejected { get; init; } = [];
}

/// <summary>RFC 9457; <c>status</c> is a number here and a word in an answer, so they are two types.</summary>
internal sealed record FeedProblem
{
    public string? Code { get; init; }
    public string? Detail { get; init; }
    public IReadOnlyList<RejectedRecord> Rejected { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(FeedAnswer))]
[JsonSerializable(typeof(FeedProblem))]
internal sealed partial class FeedAnswerJson : JsonSerializerContext
{
    public static FeedProblem Problem(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, Default.FeedProblem) ?? new FeedProblem();
        }
        catch (JsonException)
        {
            // A proxy's error page: the status says enough.
            return new FeedProblem();
        }
    }
}
