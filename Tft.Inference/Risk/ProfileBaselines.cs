using System.Collections.Immutable;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;

namespace Tft.Inference.Risk;

/// <summary>Usual values of a profile's servers: what a server is measured by until it has a history of its own.</summary>
internal static class ProfileBaselines
{
    /// <summary>By profile: the 14 metrics in the contract's order; uptime has no usual value.</summary>
    private static readonly ImmutableArray<float[]> s_values =
    [
        [45, 8, 2, 45, 50, 72, 5, 55, 8.5f, 5.2f, 2, 2, 6.5f, 0],
        [25, 12, 15, 48, 10, 68, 3, 70, 35, 28, 8, 6, 4.2f, 0],
        [18, 5, 3, 74, 25, 45, 2, 35, 85, 120, 15, 12, 2.8f, 0],
        [15, 6, 2, 77, 20, 42, 2, 40, 22, 18, 5, 4, 3.2f, 0],
        [35, 10, 8, 47, 45, 62, 4, 65, 150, 95, 10, 8, 5.5f, 0],
        [55, 8, 2, 35, 60, 70, 5, 50, 12, 8, 3, 2, 8.2f, 0],
        [12, 4, 1, 83, 8, 35, 1, 30, 15, 12, 2, 2, 1.5f, 0],
        [12, 4, 1, 83, 8, 35, 1, 30, 15, 12, 2, 2, 1.5f, 0],
    ];

    public static float Get(ServerProfile profile, Metric metric) => s_values[(int)profile][(int)metric];
}
