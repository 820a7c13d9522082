using System.IO.Enumeration;
using Microsoft.Extensions.Options;

namespace Tft.Inference.Cascades;

/// <summary>What depends on what by configuration.</summary>
internal sealed class DependencyMap(IOptions<CascadeOptions> options)
{
    private readonly List<DependencyOptions> _all = options.Value.Dependencies;

    public int Count => _all.Count;

    /// <summary>Of the members of a group, by position: the positions of those that each depends on and that rose no later than it.</summary>
    public List<int>[] Within(IReadOnlyList<RiskTrack> members)
    {
        var on = new List<int>[members.Count];
        for (var i = 0; i < on.Length; i++)
            on[i] = [];
        foreach (var dependency in _all)
        {
            var targets = Matching(members, dependency.On!);
            if (targets.Count == 0)
                continue;
            foreach (var of in Matching(members, dependency.Of!))
                on[of].AddRange(targets.Where(t => t != of && members[t].Onset <= members[of].Onset && !on[of].Contains(t)));
        }

        return on;
    }

    private static List<int> Matching(IReadOnlyList<RiskTrack> members, string what)
    {
        var found = new List<int>();
        for (var i = 0; i < members.Count; i++)
        {
            if (members[i].Profile == what || FileSystemName.MatchesSimpleExpression(what, members[i].Name, ignoreCase: false))
                found.Add(i);
        }

        return found;
    }
}
