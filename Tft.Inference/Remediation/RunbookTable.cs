using System.Collections.Immutable;
using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Contract.Servers;
using Tft.Inference.Risk;

namespace Tft.Inference.Remediation;

/// <summary>
/// The runbooks, and which of them fits. One for a profile comes before one for all, one for now or ahead before one for any time; then those of one's own
/// before those of the service, in the order of the file.
/// </summary>
internal sealed class RunbookTable(ImmutableArray<Runbook> all)
{
    private const string Resource = "Tft.Inference.Remediation.runbooks.json";
    private const long LargestFile = 4 << 20;

    public ImmutableArray<Runbook> All => all;

    /// <param name="path">File of one's own; null or empty for none.</param>
    /// <param name="failures">Takes what is wrong, one line each; the table is empty then.</param>
    public static RunbookTable Load(string? path, List<string> failures)
    {
        var own = new RunbookFile();
        if (!string.IsNullOrWhiteSpace(path) && Read(path, failures) is { } read)
            own = read;
        if (failures.Count > 0)
            return new([]);
        using var stream = typeof(RunbookTable).Assembly.GetManifestResourceStream(Resource)!;
        var shipped = own.Only ? [] : JsonSerializer.Deserialize(stream, RunbookJson.Default.RunbookFile)!.Runbooks!;
        ImmutableArray<Runbook> mine = [.. (own.Runbooks ?? []).Select(r => Of(r!))];
        return new([.. mine, .. shipped.Select(r => Of(r!)).Where(r => !mine.Any(m => m.Id == r.Id))]);
    }

    public Runbook? Find(string id) => all.FirstOrDefault(r => r.Id == id);

    /// <summary>The runbook for a metric of a server; null where there is none.</summary>
    public Runbook? For(RiskMetric metric, ServerProfile profile, bool isNow)
    {
        var (key, name, when) = (RiskMetrics.Get(metric).Key, profile.Name(), isNow ? "now" : "ahead");
        Runbook? best = null;
        var bestRank = -1;
        foreach (var runbook in all)
        {
            if (!runbook.Metrics.Contains(key) || (runbook.Profiles.Count > 0 && !runbook.Profiles.Contains(name)) || (runbook.When != "any" && runbook.When != when))
                continue;
            var rank = (runbook.Profiles.Count > 0 ? 2 : 0) + (runbook.When != "any" ? 1 : 0);
            if (rank > bestRank)
                (best, bestRank) = (runbook, rank);
        }

        return best;
    }

    /// <summary>The runbook for an alert of the service on itself; null where there is none.</summary>
    public Runbook? For(string rule) => all.FirstOrDefault(r => r.Rules.Contains(rule));

    private static RunbookFile? Read(string path, List<string> failures)
    {
        var setting = $"{RemediationOptions.Section}:{nameof(RemediationOptions.Runbooks)}: {path}";
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestFile and var length })
            {
                failures.Add($"{setting} has {length} bytes, of at most {LargestFile}.");
                return null;
            }

            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), RunbookJson.Default.RunbookFile);
            failures.AddRange((file is null ? ["is null."] : RunbookRules.Faults(file)).Select(f => $"{setting}: {f}"));
            return file;
        }
        catch (JsonException e)
        {
            failures.Add($"{setting}, line {(e.LineNumber ?? 0) + 1}, byte {e.BytePositionInLine ?? 0}: {e.Message.Split(" Path:")[0].Split(" LineNumber:")[0]}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            failures.Add($"{setting} can't be read: {e.Message}");
        }

        return null;
    }

    private static Runbook Of(RunbookEntry entry) => new()
    {
        Id = entry.Id!,
        Title = entry.Title!,
        About = entry.About!,
        Metrics = [.. (entry.Metrics ?? []).OfType<string>()],
        Profiles = [.. (entry.Profiles ?? []).OfType<string>()],
        Rules = [.. (entry.Rules ?? []).OfType<string>()],
        When = entry.When ?? "any",
        Steps = [.. entry.Steps!.Select(s => new RunbookStep(s!.Look!, s.Do!, s.Risk!, s.Back!))],
    };
}
