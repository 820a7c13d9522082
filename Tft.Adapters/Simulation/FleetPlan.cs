using System.Globalization;
using Tft.Contract.Servers;

namespace Tft.Adapters.Simulation;

/// <summary>Which servers a simulated fleet has, by name and profile, in a fixed order.</summary>
internal static class FleetPlan
{
    private static readonly (string Prefix, int Digits, ServerProfile Profile, int OfTwenty)[] s_kinds =
    [
        ("ppml", 4, ServerProfile.MlCompute, 4),
        ("ppdb", 3, ServerProfile.Database, 3),
        ("ppweb", 3, ServerProfile.WebApi, 8),
        ("ppcon", 2, ServerProfile.ConductorMgmt, 1),
        ("ppetl", 3, ServerProfile.DataIngest, 2),
        ("pprisk", 3, ServerProfile.RiskAnalytics, 1),
        ("ppgen", 3, ServerProfile.Generic, 1),
    ];

    /// <summary>
    /// The default fleet of 20 and, for other sizes, the same mix: the largest remainders are filled first, so that every profile has
    /// a server once there are seven.
    /// </summary>
    public static IReadOnlyList<(string Name, ServerProfile Profile)> Of(int servers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(servers);
        var counts = new int[s_kinds.Length];
        if (servers >= s_kinds.Length)
            Array.Fill(counts, 1);
        for (var n = counts.Sum(); n < servers; n++)
        {
            var next = 0;
            for (var k = 1; k < counts.Length; k++)
            {
                if ((counts[k] + 1.0) / s_kinds[k].OfTwenty < (counts[next] + 1.0) / s_kinds[next].OfTwenty)
                    next = k;
            }

            counts[next]++;
        }

        return [.. s_kinds.SelectMany((kind, k) => Enumerable.Range(1, counts[k]).Select(i =>
            (kind.Prefix + i.ToString(CultureInfo.InvariantCulture).PadLeft(kind.Digits, '0'), kind.Profile)))];
    }
}
