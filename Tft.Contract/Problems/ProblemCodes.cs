namespace Tft.Contract.Problems;

/// <summary>Stable <c>code</c> of a problem answer (RFC 9457); the type is <c>urn:tft:problem:CODE</c>.</summary>
public static class ProblemCodes
{
    public const string NotJson = "not_json";
    public const string NoneAcceptable = "none_acceptable";
    public const string NoKey = "no_key";
    public const string BadKey = "bad_key";
    public const string BadScope = "bad_scope";
    public const string UnknownServer = "unknown_server";
    public const string TooLarge = "too_large";
    public const string RateLimited = "rate_limited";
    public const string JournalUnavailable = "journal_unavailable";
    public const string InsufficientData = "insufficient_data";
    public const string BadParameter = "bad_parameter";
    public const string NoModel = "no_model";
    public const string NotExplained = "not_explained";
    public const string UnknownModel = "unknown_model";
    public const string BadModel = "bad_model";
    public const string TrainingRuns = "training_runs";
    public const string TrainingTooSoon = "training_too_soon";
    public const string UnknownJob = "unknown_job";
    public const string UnknownAlert = "unknown_alert";
    public const string UnknownSilence = "unknown_silence";
    public const string UnknownRunbook = "unknown_runbook";
    public const string NotKept = "not_kept";
    public const string BadBody = "bad_body";
    public const string BadRequest = "bad_request";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string InternalError = "internal_error";

    public static string TypeOf(string code) => $"urn:tft:problem:{code}";
}
