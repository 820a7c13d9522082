using System.Collections.Immutable;
using Tft.Contract.Servers;

namespace Tft.Adapters.Simulation.Days;

/// <summary>What a server of a profile shows on an average minute of an average week; percent, MB/s, counts.</summary>
internal sealed record ProfileBaseline(
    double User, double Sys, double IoWait, double Java, double Mem, double Swap, double Disk,
    double NetIn, double NetOut, double Back, double Front, double Load)
{
    private static readonly ImmutableArray<ProfileBaseline> s_all =
    [
        new(45, 8, 2, 50, 72, 5, 55, 8.5, 5.2, 2, 2, 6.5),
        new(25, 12, 15, 10, 68, 3, 70, 35, 28, 8, 6, 4.2),
        new(18, 5, 3, 25, 45, 2, 35, 85, 120, 15, 12, 2.8),
        new(15, 6, 2, 20, 42, 2, 40, 22, 18, 5, 4, 3.2),
        new(35, 10, 8, 45, 62, 4, 65, 150, 95, 10, 8, 5.5),
        new(55, 8, 2, 60, 70, 5, 50, 12, 8, 3, 2, 8.2),
        new(12, 4, 1, 8, 35, 1, 30, 15, 12, 2, 2, 1.5),
    ];

    public double Busy => User + Sys + IoWait;

    public static ProfileBaseline Of(ServerProfile profile) =>
        s_all[profile == ServerProfile.Unknown ? (int)ServerProfile.Generic : (int)profile];
}
