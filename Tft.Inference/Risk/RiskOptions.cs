using Microsoft.Extensions.Options;
using Tft.Contract.Servers;

namespace Tft.Inference.Risk;

/// <summary>
/// Section <c>Tft:Risk</c>. <c>Thresholds:mem_used_pct:Critical = 97</c> for every profile,
/// <c>Profiles:database:mem_used_pct:Critical = 99</c> for one. What is not set keeps its default.
/// </summary>
internal sealed class RiskOptions
{
    public const string Section = "Tft:Risk";

    public Dictionary<string, ThresholdOptions> Thresholds { get; init; } = [];

    public Dictionary<string, Dictionary<string, ThresholdOptions>> Profiles { get; init; } = [];
}

/// <summary>Overrides of a metric's thresholds.</summary>
internal sealed class ThresholdOptions
{
    public float? Watch { get; init; }
    public float? Warning { get; init; }
    public float? Critical { get; init; }
    public float? Max { get; init; }

    public Thresholds Over(Thresholds other) =>
        new(Watch ?? other.Watch, Warning ?? other.Warning, Critical ?? other.Critical, Max ?? other.Max);
}

/// <summary>Names every setting that cannot be: unknown metrics and profiles, thresholds that do not rise.</summary>
internal sealed class RiskOptionsValidator : IValidateOptions<RiskOptions>
{
    public ValidateOptionsResult Validate(string? name, RiskOptions options)
    {
        var failures = new List<string>();
        CheckKeys(options.Thresholds.Keys, $"{RiskOptions.Section}:Thresholds", failures);
        foreach (var (profile, thresholds) in options.Profiles)
        {
            if (!ServerProfiles.TryParse(profile, out _))
                failures.Add($"{RiskOptions.Section}:Profiles:{profile}: no such profile.");
            CheckKeys(thresholds.Keys, $"{RiskOptions.Section}:Profiles:{profile}", failures);
        }

        if (failures.Count == 0)
            CheckOrder(options, failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void CheckKeys(IEnumerable<string> keys, string section, List<string> failures)
    {
        foreach (var key in keys)
        {
            if (!RiskMetrics.All.Any(m => m.Key == key))
                failures.Add($"{section}:{key}: no such metric; one of {string.Join(", ", RiskMetrics.All.Select(m => m.Key))}.");
        }
    }

    private static void CheckOrder(RiskOptions options, List<string> failures)
    {
        foreach (var profile in ServerProfiles.Names)
        {
            foreach (var metric in RiskMetrics.All)
            {
                var t = ThresholdTable.Merge(options, profile, metric);
                if (!(t.Watch < t.Warning && t.Warning < t.Critical && t.Critical < t.Max))
                    failures.Add($"{RiskOptions.Section}: thresholds of {metric.Key} for {profile} must rise from Watch to Max, are {t.Watch}, {t.Warning}, {t.Critical}, {t.Max}.");
            }
        }
    }
}
