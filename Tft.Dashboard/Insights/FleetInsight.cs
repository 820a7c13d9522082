using Tft.Dashboard.Fleet;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Insights;

/// <summary>The fleet in plain words, every one of them from the numbers of a snapshot.</summary>
/// <param name="Headline">One sentence.</param>
/// <param name="First">Servers to look at first: the worst level, then the soonest.</param>
/// <param name="Causes">What makes servers a risk, the most frequent first.</param>
/// <param name="AtRisk">Servers at warning or critical.</param>
public sealed record FleetInsight(string Headline, IReadOnlyList<ServerRow> First, IReadOnlyList<Cause> Causes, int AtRisk)
{
    private const int ServersShown = 5;

    public static FleetInsight From(FleetView view)
    {
        var risky = view.Rows.Where(r => r.Level >= Level.Warning)
            .OrderByDescending(r => r.Level).ThenBy(r => r.LeadMinutes ?? int.MaxValue).ThenByDescending(r => r.Risk).ThenBy(r => r.Name, StringComparer.Ordinal)
            .ToList();
        var causes = risky.Where(r => r.ReasonMetric is not null).GroupBy(r => r.ReasonMetric!)
            .Select(g => new Cause(g.Key, g.Count(), [.. g.Select(r => r.Profile).Distinct().Order(StringComparer.Ordinal)], g.Count(r => r.LeadMinutes is 0)))
            .OrderByDescending(c => c.Servers).ThenBy(c => c.Metric, StringComparer.Ordinal)
            .ToList();
        return new(HeadlineOf(view, risky), [.. risky.Take(ServersShown)], causes, risky.Count);
    }

    private static string HeadlineOf(FleetView view, List<ServerRow> risky)
    {
        var servers = view.Rows.Count == 1 ? "The one server is" : $"All {Format.Count(view.Rows.Count)} servers are";
        if (risky.Count == 0)
        {
            return $"{servers} expected to stay clear of trouble for the next 8 hours.";
        }

        var critical = risky.Count(r => r.Level == Level.Critical);
        var now = risky.Count(r => r.Level == Level.Critical && r.LeadMinutes is 0);
        var text = critical > 0
            ? $"{Format.Count(critical)} of {Format.Count(view.Rows.Count)} servers {(critical == 1 ? "is" : "are")} critical, or forecast to be within 8 hours"
            : $"No server is forecast to be critical; {Format.Count(risky.Count)} of {Format.Count(view.Rows.Count)} need watching";
        text += now > 0 ? $"; {Format.Count(now)} {(now == 1 ? "is" : "are")} so already." : ".";
        var next = risky.Where(r => r.LeadMinutes is > 0).MinBy(r => r.LeadMinutes);
        return next is null ? text : $"{text} The next to go is {next.Name}, {Format.Lead(next.LeadMinutes!.Value)}.";
    }
}

/// <summary>A metric that makes servers a risk.</summary>
/// <param name="Metric">Wire name.</param>
/// <param name="Servers">How many.</param>
/// <param name="Profiles">Of which profiles.</param>
/// <param name="Now">For how many it is so already.</param>
public sealed record Cause(string Metric, int Servers, IReadOnlyList<string> Profiles, int Now);
