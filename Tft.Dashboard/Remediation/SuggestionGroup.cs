using Tft.Contract.Messages;
using Tft.Dashboard.Fleet;

namespace Tft.Dashboard.Remediation;

/// <summary>What is suggested for servers of one profile for one reason: a runbook, and for whom.</summary>
/// <param name="Runbook">What to do.</param>
/// <param name="Profile">Wire name; empty for the service itself.</param>
/// <param name="For">For whom, worst first.</param>
public sealed record SuggestionGroup(Runbook Runbook, string Profile, IReadOnlyList<Suggestion> For)
{
    /// <summary>In the address.</summary>
    public string Key => Profile.Length == 0 ? Runbook.Id : $"{Runbook.Id}.{Profile}";

    public Level Level { get; } = For.Max(s => Levels.Parse(s.Level));

    /// <summary>Minutes until the first of them is there.</summary>
    public int Soonest { get; } = For.Min(s => s.LeadMinutes);

    public int Decided { get; } = For.Count(s => s.Decision is not null);

    /// <summary>Groups that match, worst first, then soonest.</summary>
    /// <param name="answer">What the service suggests.</param>
    /// <param name="q">A part of a server's name; null or empty for all.</param>
    /// <param name="level">Wire name of a level; null or empty for all.</param>
    public static IReadOnlyList<SuggestionGroup> Of(RemediationResponse answer, string? q, string? level)
    {
        var runbooks = answer.Runbooks.ToDictionary(r => r.Id, StringComparer.Ordinal);
        return
        [
            .. answer.Suggestions
                .Where(s => (string.IsNullOrEmpty(q) || s.Server.Contains(q, StringComparison.OrdinalIgnoreCase)) && (string.IsNullOrEmpty(level) || s.Level == level) && runbooks.ContainsKey(s.Runbook))
                .GroupBy(s => (s.Runbook, s.Profile))
                .Select(g => new SuggestionGroup(runbooks[g.Key.Runbook], g.Key.Profile, [.. g]))
                .OrderByDescending(g => g.Level).ThenBy(g => g.Soonest).ThenByDescending(g => g.For.Count).ThenBy(g => g.Key, StringComparer.Ordinal),
        ];
    }
}
