using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Risk;

namespace Tft.Inference.Cascades;

/// <summary>Groups as a message.</summary>
internal static class CascadeReport
{
    public const int MostGroups = 20;
    public const int MostMembers = 60;
    private const int StepMinutes = TimeGrid.StepSeconds / 60;

    /// <param name="group">The first first.</param>
    /// <param name="map">What depends on what.</param>
    /// <param name="firstStep">Step number of position 0.</param>
    public static CascadeGroup Of(List<Joined> group, DependencyMap map, long firstStep)
    {
        var first = group[0].Track;
        List<RiskTrack> tracks = [.. group.Select(j => j.Track)];
        var on = map.Within(tracks);
        return new CascadeGroup
        {
            First = first.Name,
            Begins = TimeGrid.StartOf(firstStep + first.Onset),
            IsForecast = first.IsForecast,
            Level = RiskLevels.Of(tracks.Max(t => t.Peak)).Name(),
            Servers = group.Count,
            Members = [.. group.Take(MostMembers).Select((j, i) => Of(j, first, [.. on[i].Select(o => tracks[o].Name)], firstStep))],
            Profiles = [.. tracks.GroupBy(t => t.Profile).Select(g => Of(g.Key, [.. g], first)).OrderBy(p => p.FirstLagMinutes).ThenBy(p => p.MedianLagMinutes).ThenBy(p => p.Profile, StringComparer.Ordinal)],
            ExplainedBy = Explaining(tracks, on),
            Explained = on.Count(o => o.Count > 0),
        };
    }

    private static CascadeMember Of(Joined joined, RiskTrack first, IReadOnlyList<string> dependsOn, long firstStep)
    {
        var (track, with) = (joined.Track, joined.With);
        var isFirst = ReferenceEquals(track, first);
        return new CascadeMember
        {
            Server = track.Name,
            Profile = track.Profile,
            Rises = TimeGrid.StartOf(firstStep + track.Onset),
            IsForecast = track.IsForecast,
            LagMinutes = (track.Onset - first.Onset) * StepMinutes,
            Metric = NameOf(track.Leading[track.Onset]),
            Risk = Math.Round(track.Peak, 1),
            Correlation = isFirst ? null : Math.Round(with.Value, 3),
            ShiftMinutes = isFirst ? null : with.Shift * StepMinutes,
            Buckets = isFirst ? null : with.Buckets,
            MeasuredBuckets = isFirst ? null : with.Measured,
            DependsOn = dependsOn,
            Course = [.. track.Risk.Select(r => float.IsNaN(r) ? (int?)null : (int)MathF.Round(r))],
        };
    }

    private static CascadeProfile Of(string profile, List<RiskTrack> tracks, RiskTrack first)
    {
        List<int> lags = [.. tracks.Select(t => (t.Onset - first.Onset) * StepMinutes).Order()];
        var metric = tracks.CountBy(t => t.Leading[t.Onset]).OrderByDescending(c => c.Value).ThenBy(c => c.Key).First().Key;
        return new(profile, tracks.Count, lags[0], lags[lags.Count / 2], NameOf(metric));
    }

    // Who stands behind a member over any number of dependencies; a ring of them ends where it began.
    private static IReadOnlyList<CascadeDependency> Explaining(List<RiskTrack> tracks, List<int>[] on)
    {
        var dependants = new int[tracks.Count];
        var seen = new HashSet<int>();
        var next = new Stack<int>();
        for (var i = 0; i < tracks.Count; i++)
        {
            seen.Clear();
            next.Push(i);
            while (next.TryPop(out var at))
            {
                foreach (var target in on[at].Where(t => t != i && seen.Add(t)))
                {
                    dependants[target]++;
                    next.Push(target);
                }
            }
        }

        return [.. Enumerable.Range(0, tracks.Count).Where(i => dependants[i] > 0).OrderByDescending(i => dependants[i]).ThenBy(i => tracks[i].Onset).Take(5).Select(i => new CascadeDependency(tracks[i].Name, dependants[i]))];
    }

    private static string NameOf(RiskMetric metric) => MetricCatalog.Get(RiskMetrics.Get(metric).Wire).Name;
}
