namespace Tft.Inference.Alerts;

/// <summary>
/// Overrides of one rule, <c>Tft:Alerts:Rules:imminent_critical:Threshold = 0.2</c>. What is not set keeps its default. Thresholds are severities (0 to 100) for the rules
/// on what was measured, probabilities (0 to 1) for those on the forecast; counts are snapshots.
/// </summary>
internal sealed class AlertRuleOptions
{
    /// <summary>False: the rule does not exist.</summary>
    public bool Enabled { get; init; } = true;
    public float? Threshold { get; init; }
    public float? Recovery { get; init; }
    public int? Hits { get; init; }
    public int? Of { get; init; }
    public int? Stable { get; init; }
    public int? StableOnFallback { get; init; }
    public int? RecoverAfter { get; init; }
    public double? HoldMinutes { get; init; }

    public AlertRule Over(AlertRule rule) => rule with
    {
        Threshold = Threshold ?? rule.Threshold,
        Recovery = Recovery ?? rule.Recovery,
        Hits = Hits ?? rule.Hits,
        Of = Of ?? rule.Of,
        Stable = Stable ?? rule.Stable,
        StableOnFallback = StableOnFallback ?? rule.StableOnFallback,
        RecoverAfter = RecoverAfter ?? rule.RecoverAfter,
        Hold = HoldMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : rule.Hold,
    };

    /// <summary>Names what cannot be.</summary>
    public static IEnumerable<string> Faults(IReadOnlyDictionary<string, AlertRuleOptions> rules)
    {
        foreach (var (name, options) in rules)
        {
            var section = $"{AlertOptions.Section}:Rules:{name}";
            if (AlertRules.Default.Find(name) is not { } known)
            {
                yield return $"{section}: no such rule; rules are {string.Join(", ", AlertRules.Default.All.Select(r => r.Name))}.";
                continue;
            }

            if (options.HoldMinutes is not (null or >= 0 and <= 1440))
            {
                yield return $"{section}:HoldMinutes must be between 0 and 1440, is {options.HoldMinutes}.";
                continue;
            }

            var rule = options.Over(known);
            var most = rule.IsForecast ? 1 : 100;
            if (!(rule.Threshold > 0 && rule.Threshold <= most))
                yield return $"{section}:Threshold must be above 0 and at most {most}, is {rule.Threshold}.";
            if (!(rule.Recovery > 0 && rule.Recovery < rule.Threshold))
                yield return $"{section}:Recovery must be above 0 and below the threshold ({rule.Threshold}), is {rule.Recovery}.";
            if (rule.Of is < 1 or > AlertRule.MostSnapshots || rule.Hits < 1 || rule.Hits > rule.Of)
                yield return $"{section}: Hits of Of must be between 1 and Of, and Of at most {AlertRule.MostSnapshots}, are {rule.Hits} of {rule.Of}.";
            if (rule.Stable is < 1 or > AlertRule.MostSnapshots)
                yield return $"{section}:Stable must be between 1 and {AlertRule.MostSnapshots}, is {rule.Stable}.";
            if (rule.StableOnFallback is < 0 or > AlertRule.MostSnapshots)
                yield return $"{section}:StableOnFallback must be between 0 and {AlertRule.MostSnapshots}, is {rule.StableOnFallback}.";
            if (rule.RecoverAfter is < 1 or > AlertRule.MostSnapshots)
                yield return $"{section}:RecoverAfter must be between 1 and {AlertRule.MostSnapshots}, is {rule.RecoverAfter}.";
        }
    }
}
