using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Tft.Contract.Servers;

/// <summary>One rule: names that start with a prefix, or match a regular expression, have a profile.</summary>
public sealed class ProfileRule
{
    private readonly string? _prefix;
    private readonly Regex? _pattern;

    private ProfileRule(string? prefix, Regex? pattern, ServerProfile profile) =>
        (_prefix, _pattern, Profile) = (prefix, pattern, profile);

    public ServerProfile Profile { get; }

    public static ProfileRule Prefix(string prefix, ServerProfile profile) => new(prefix, null, profile);

    /// <summary>Matched in linear time, so that no name can stall the service.</summary>
    /// <exception cref="ArgumentException">Not a regular expression.</exception>
    public static ProfileRule Matching(string pattern, ServerProfile profile)
    {
        try
        {
            return new(null, new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), profile);
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException($"The pattern '{pattern}' needs backtracking: {e.Message}", nameof(pattern), e);
        }
    }

    public bool Matches(string name) =>
        _prefix is not null ? name.StartsWith(_prefix, StringComparison.Ordinal) : _pattern!.IsMatch(name);
}

/// <summary>From a server's name to its profile: the first rule that matches, else generic.</summary>
public sealed class ProfileRules(IEnumerable<ProfileRule> rules)
{
    private readonly ImmutableArray<ProfileRule> _rules = [.. rules];

    public static ProfileRules Default { get; } = new(
    [
        ProfileRule.Prefix("ppml", ServerProfile.MlCompute),
        ProfileRule.Prefix("ppdb", ServerProfile.Database),
        ProfileRule.Prefix("ppweb", ServerProfile.WebApi),
        ProfileRule.Prefix("ppcon", ServerProfile.ConductorMgmt),
        ProfileRule.Prefix("ppetl", ServerProfile.DataIngest),
        ProfileRule.Prefix("pprisk", ServerProfile.RiskAnalytics),
    ]);

    public ServerProfile Of(string name)
    {
        foreach (var rule in _rules)
        {
            if (rule.Matches(name))
                return rule.Profile;
        }

        return ServerProfile.Generic;
    }
}
