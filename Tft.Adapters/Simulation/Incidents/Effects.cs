namespace Tft.Adapters.Simulation.Incidents;

/// <summary>What incidents, scenarios and ailing databases do to a server at one time; each 0..1.</summary>
internal struct Effects
{
    public double Cpu;
    public double Mem;
    public double Disk;
    public double Io;
    public double Connections;
    public double Network;

    /// <summary>Traffic that no longer flows because a dependency does not answer.</summary>
    public double Starved;

    public void Add(IncidentKind kind, double amplitude)
    {
        switch (kind)
        {
            case IncidentKind.CpuRamp:
                Raise(ref Cpu, amplitude);
                Raise(ref Mem, 0.1 * amplitude);
                break;
            case IncidentKind.MemoryLeak:
                Raise(ref Mem, amplitude);
                Raise(ref Io, 0.25 * Math.Max(0, amplitude - 0.7));
                break;
            case IncidentKind.DiskFilling:
                Raise(ref Disk, amplitude);
                Raise(ref Io, 0.12 * amplitude);
                break;
            case IncidentKind.IoStall:
                Raise(ref Io, amplitude);
                break;
            case IncidentKind.ConnectionLeak:
                Raise(ref Connections, amplitude);
                Raise(ref Mem, 0.15 * amplitude);
                break;
            case IncidentKind.NetworkStorm:
                Raise(ref Network, amplitude);
                Raise(ref Cpu, 0.3 * amplitude);
                break;
            case IncidentKind.Cascade:
                Raise(ref Io, 0.75 * amplitude);
                Raise(ref Cpu, 0.6 * amplitude);
                Raise(ref Connections, 0.6 * amplitude);
                break;
        }
    }

    /// <summary>What a dependant feels of a database under stress: it waits, holds connections, and moves less.</summary>
    public void AddPressure(double amplitude)
    {
        Raise(ref Connections, 0.8 * amplitude);
        Raise(ref Cpu, 0.3 * amplitude);
        Raise(ref Starved, 0.6 * amplitude);
    }

    /// <summary>Two causes add up without ever passing 1.</summary>
    private static void Raise(ref double value, double by) => value = 1 - ((1 - value) * (1 - by));
}
