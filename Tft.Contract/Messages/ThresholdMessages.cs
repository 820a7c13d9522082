namespace Tft.Contract.Messages;

/// <summary>Answer of GET /thresholds: where each metric becomes a risk, settings merged in.</summary>
public sealed record ThresholdsResponse(IReadOnlyList<RiskThresholds> Metrics);

/// <summary>The thresholds of a metric. High is bad for each.</summary>
/// <param name="Key">Its name in the settings; <c>cpu_used</c> is 100 - <c>cpu_idle_pct</c>.</param>
/// <param name="Metric">The metric of the record that it is read from.</param>
/// <param name="MultiplesOf">Null where they are values in the metric's unit; <c>profile</c>: multiples of what is usual for the profile; <c>own_median</c>: of the server's own median, at least the profile's.</param>
/// <param name="General">Of every profile that is not named.</param>
/// <param name="Profiles">Of those that have others, by profile.</param>
public sealed record RiskThresholds(string Key, string Metric, string? MultiplesOf, ThresholdValues General, IReadOnlyDictionary<string, ThresholdValues> Profiles);

/// <summary>Severity is 20, 40, 70 and 100 at these, and linear between them.</summary>
public sealed record ThresholdValues(double Watch, double Warning, double Critical, double Max);
