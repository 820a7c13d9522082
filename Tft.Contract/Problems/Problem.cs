using System.Text.Json.Serialization;
using Tft.Contract.Messages;

namespace Tft.Contract.Problems;

/// <summary>An error answer: RFC 9457 problem details with a stable <c>code</c>; members that are null are left out.</summary>
public sealed record Problem
{
    public required string Type { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }
    public required string Code { get; init; }

    /// <summary>Also sent as the header Retry-After.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RetryAfterS { get; init; }

    /// <summary>Why each record was refused (code <c>none_acceptable</c>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RejectedRecord>? Rejected { get; init; }

    /// <summary>What clients of contract 1 read: the code.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>What clients of contract 1 read: the detail.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }

    /// <summary>The same problem with the members that clients of contract 1 read.</summary>
    public Problem ForContract1() => this with { Error = Code, Message = Detail };

    public static Problem NotJson(long line, long byteInLine, string what) =>
        Of(ProblemCodes.NotJson, 400, "The body is not JSON", $"Line {line}, byte {byteInLine}: {what}");

    public static Problem NoneAcceptable(int received, IReadOnlyList<RejectedRecord> rejected) =>
        Of(ProblemCodes.NoneAcceptable, 400, "No record of the batch is acceptable",
            received == 0 ? "The batch has no records." : $"{rejected.Count} of {received} records were rejected.") with { Rejected = rejected };

    public static Problem NoKey() =>
        Of(ProblemCodes.NoKey, 401, "An API key is needed", "Send it in the header X-API-Key.");

    public static Problem BadKey() =>
        Of(ProblemCodes.BadKey, 403, "The API key is not known", "The key is wrong, expired or revoked.");

    /// <param name="has">Scopes of the key, for example <c>read</c>.</param>
    /// <param name="path">What was asked for.</param>
    /// <param name="needs">The scope that it needs.</param>
    public static Problem BadScope(string has, string path, string needs) =>
        Of(ProblemCodes.BadScope, 403, "The API key may not do this", $"This key has the scopes {has}; {path} needs {needs}.");

    public static Problem UnknownServer(string name) =>
        Of(ProblemCodes.UnknownServer, 404, "No such server", $"No record of '{name}' has been received.");

    public static Problem TooLarge() =>
        Of(ProblemCodes.TooLarge, 413, "The body is too large", "At most 10 MB and 50,000 records in one request.");

    public static Problem RateLimited(int retryAfterS) =>
        Of(ProblemCodes.RateLimited, 429, "Too many requests", $"Retry after {retryAfterS} s.") with { RetryAfterS = retryAfterS };

    /// <param name="kind">redis or embedded.</param>
    /// <param name="why">For example <c>does not answer</c>.</param>
    /// <param name="retryAfterS">When to try again.</param>
    public static Problem JournalUnavailable(string kind, string why, int retryAfterS) =>
        Of(ProblemCodes.JournalUnavailable, 503, "Records can't be kept now",
            $"The journal ({kind}) {why}; nothing of this batch was acknowledged. Retry after {retryAfterS} s.") with { RetryAfterS = retryAfterS };

    public static Problem InsufficientData(int need, int have) =>
        Of(ProblemCodes.InsufficientData, 503, "Not enough data yet", $"Need at least {need} steps for one server, have {have}.").ForContract1();

    /// <summary>A problem of any code.</summary>
    public static Problem Of(string code, int status, string title, string detail) =>
        new() { Type = ProblemCodes.TypeOf(code), Title = title, Status = status, Detail = detail, Code = code };
}
