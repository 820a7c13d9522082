using System.Collections.Immutable;

namespace Tft.Adapters.Simulation.Incidents;

/// <summary>What can go wrong with a simulated server.</summary>
internal enum IncidentKind
{
    CpuRamp,
    MemoryLeak,
    DiskFilling,
    IoStall,
    ConnectionLeak,
    NetworkStorm,

    /// <summary>A database that stalls and takes its dependants with it, some minutes later.</summary>
    Cascade,
}

internal static class IncidentKinds
{
    private static readonly ImmutableArray<string> s_names =
        ["cpu_ramp", "memory_leak", "disk_filling", "io_stall", "connection_leak", "network_storm", "cascade"];

    public static string Name(this IncidentKind kind) => s_names[(int)kind];
}
