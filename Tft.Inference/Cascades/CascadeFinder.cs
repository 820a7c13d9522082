namespace Tft.Inference.Cascades;

/// <summary>A server and how it goes together with the first of its group.</summary>
internal readonly record struct Joined(RiskTrack Track, LaggedCorrelation With);

/// <summary>
/// Puts servers whose risk rises together into groups. The earliest who is not in a group begins one; who rises within an hour of it, and whose course is
/// like its course, belongs to it. So every number of a group is one against its first, and no chain of neighbours ties together what is not alike.
/// </summary>
internal static class CascadeFinder
{
    /// <summary>Rises further apart are two matters.</summary>
    public const int LongestLag = 12;

    /// <summary>Courses less alike than this do not go together.</summary>
    public const double LeastCorrelation = 0.7;

    /// <summary>Groups by the order in which they began; the first of each group first, then by when they rose. A group has two members at least.</summary>
    /// <param name="tracks">Of which those that rise are looked at.</param>
    /// <param name="alone">How many of these are in no group.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static List<List<Joined>> Find(IEnumerable<RiskTrack> tracks, out int alone, CancellationToken cancellationToken)
    {
        // of several that rise in one bucket the worst: there is no order between them
        List<RiskTrack> left = [.. tracks.Where(t => t.Onset >= 0).OrderBy(t => t.Onset).ThenByDescending(t => t.Peak).ThenBy(t => t.Name, StringComparer.Ordinal)];
        var groups = new List<List<Joined>>();
        alone = 0;
        var taken = new bool[left.Count];
        for (var first = 0; first < left.Count; first++)
        {
            if (taken[first])
                continue;
            cancellationToken.ThrowIfCancellationRequested();
            List<Joined> group = [new(left[first], default)];
            for (var other = first + 1; other < left.Count && left[other].Onset - left[first].Onset <= LongestLag; other++)
            {
                if (taken[other])
                    continue;
                var with = LaggedCorrelation.Best(left[first].Changes, left[other].Changes, RiskTrack.Past);
                if (with.Value >= LeastCorrelation)
                {
                    taken[other] = true;
                    group.Add(new(left[other], with));
                }
            }

            if (group.Count > 1)
                groups.Add(group);
            else
                alone++;
        }

        return groups;
    }
}
