using System.Text.RegularExpressions;
using Tft.Contract.Servers;
using Tft.Inference.Risk;
using Tft.Inference.SelfWatch;

namespace Tft.Inference.Remediation;

/// <summary>What a file of runbooks must hold; every fault names its place.</summary>
internal static partial class RunbookRules
{
    public const int LongestText = 2_000;
    public const int LongestTitle = 120;
    public const int MostRunbooks = 500;
    public const int MostSteps = 30;

    public static readonly string[] Whens = ["any", "now", "ahead"];

    public static IEnumerable<string> Faults(RunbookFile file)
    {
        if (file.Runbooks is not { Count: > 0 } runbooks)
            return ["runbooks: is missing or empty."];
        if (runbooks.Count > MostRunbooks)
            return [$"runbooks: has {runbooks.Count}, of at most {MostRunbooks}."];
        var twice = runbooks.Where(r => r?.Id is not null).GroupBy(r => r!.Id).Where(g => g.Count() > 1).Select(g => $"runbooks: the id '{g.Key}' is there {g.Count()} times.");
        return [.. runbooks.SelectMany((r, i) => Faults(r, $"runbooks[{i}]")), .. twice];
    }

    private static List<string> Faults(RunbookEntry? runbook, string at)
    {
        if (runbook is null)
            return [$"{at}: is null."];
        var faults = new List<string>();
        if (runbook.Id is null || !Id().IsMatch(runbook.Id))
            faults.Add($"{at}.id: must be 1 to 64 of a-z, 0-9 and -, is {Shown(runbook.Id)}.");
        else
            at = $"{at} ({runbook.Id})";
        Text(runbook.Title, $"{at}.title", LongestTitle, faults);
        Text(runbook.About, $"{at}.about", LongestText, faults);
        if ((runbook.Metrics?.Count ?? 0) + (runbook.Rules?.Count ?? 0) == 0)
            faults.Add($"{at}: names neither metrics nor rules, so it would never be suggested.");
        Names(runbook.Metrics, $"{at}.metrics", [.. RiskMetrics.All.Select(m => m.Key)], faults);
        Names(runbook.Profiles, $"{at}.profiles", [.. ServerProfiles.Names], faults);
        Names(runbook.Rules, $"{at}.rules", SelfWatchSetup.Rules, faults);
        if (runbook.When is { } when && !Whens.Contains(when))
            faults.Add($"{at}.when: is {Shown(when)}, must be one of {string.Join(", ", Whens)}.");
        if (runbook.Steps is not { Count: > 0 and <= MostSteps } steps)
            faults.Add($"{at}.steps: must be 1 to {MostSteps}, are {runbook.Steps?.Count ?? 0}.");
        else
            faults.AddRange(steps.SelectMany((s, i) => Faults(s, $"{at}.steps[{i}]")));
        return faults;
    }

    private static List<string> Faults(StepEntry? step, string at)
    {
        if (step is null)
            return [$"{at}: is null."];
        var faults = new List<string>();
        Text(step.Look, $"{at}.look", LongestText, faults);
        Text(step.Do, $"{at}.do", LongestText, faults);
        Text(step.Risk, $"{at}.risk", LongestText, faults);
        Text(step.Back, $"{at}.back", LongestText, faults);
        return faults;
    }

    private static void Text(string? text, string at, int longest, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text))
            faults.Add($"{at}: is missing.");
        else if (text.Length > longest)
            faults.Add($"{at}: has {text.Length} characters, of at most {longest}.");
    }

    private static void Names(List<string?>? names, string at, IReadOnlyList<string> known, List<string> faults) =>
        faults.AddRange((names ?? []).Where(n => n is null || !known.Contains(n)).Select(n => $"{at}: {Shown(n)} is not one of {string.Join(", ", known)}."));

    private static string Shown(string? text) => text is null ? "missing" : $"'{(text.Length > 80 ? text[..80] : text)}'";

    [GeneratedRegex("^[a-z0-9](-?[a-z0-9]){0,63}$")]
    private static partial Regex Id();
}
