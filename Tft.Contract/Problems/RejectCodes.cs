namespace Tft.Contract.Problems;

/// <summary>Stable <c>code</c> of a refused record.</summary>
public static class RejectCodes
{
    public const string NotAnObject = "not_an_object";
    public const string MissingName = "missing_name";
    public const string BadName = "bad_name";
    public const string MissingTimestamp = "missing_timestamp";
    public const string BadTimestamp = "bad_timestamp";
    public const string InFuture = "in_future";
    public const string TooLate = "too_late";
    public const string TooOld = "too_old";
    public const string BadState = "bad_state";
    public const string BadProfile = "bad_profile";
    public const string NotANumber = "not_a_number";
    public const string OutOfRange = "out_of_range";
    public const string NoMetric = "no_metric";
    public const string TooManyServers = "too_many_servers";
}
