namespace Tft.Adapters.Simulation.Incidents;

/// <summary>
/// When a server has which incident: time is cut into slots of three days from the epoch, and each slot holds at most one
/// incident, wholly inside it. So a slot's incident is a function of (stream, slot) alone.
/// </summary>
internal sealed class IncidentPlan(ulong stream, bool isDatabase, double perSlot)
{
    public const double SlotSeconds = 3 * 86400.0;

    private readonly ulong _stream = Chance.Stream(stream, 11);
    private (long Slot, Incident? Incident) _last = (long.MinValue, null);

    public static long SlotOf(double seconds) => (long)Math.Floor(seconds / SlotSeconds);

    /// <summary>The incident of the slot in which this time lies, whether active or not; null: a quiet slot.</summary>
    public Incident? At(double seconds)
    {
        var slot = SlotOf(seconds);
        if (_last.Slot != slot)
            _last = (slot, InSlot(slot));
        return _last.Incident;
    }

    public Incident? InSlot(long slot)
    {
        var s = Chance.Stream(_stream, (int)(slot & 0x7FFFFFFF));
        if (Chance.Uniform(s, 0) >= perSlot)
            return null;

        var kind = isDatabase && Chance.Uniform(s, 1) < 0.35
            ? IncidentKind.Cascade
            : (IncidentKind)(int)(Chance.Uniform(s, 2) * (int)IncidentKind.Cascade);
        var (warning, length) = Durations(kind);
        var precursor = (slot * SlotSeconds) + (Chance.Uniform(s, 3) * 2 * 86400);
        var start = precursor + Chance.Uniform(s, 4, warning.Low, warning.High);
        var end = start + Chance.Uniform(s, 5, length.Low, length.High);
        return new Incident(kind, Math.Round(precursor), Math.Round(start), Math.Round(end), Chance.Uniform(s, 6, 0.7, 1.0));
    }

    /// <summary>Seconds of warning and of the incident proper.</summary>
    private static ((double Low, double High) Warning, (double Low, double High) Length) Durations(IncidentKind kind) => kind switch
    {
        IncidentKind.CpuRamp => ((2700, 9000), (1800, 7200)),
        IncidentKind.MemoryLeak => ((7200, 28800), (1800, 7200)),
        IncidentKind.DiskFilling => ((10800, 36000), (3600, 10800)),
        IncidentKind.IoStall => ((1200, 3600), (1200, 3600)),
        IncidentKind.ConnectionLeak => ((3600, 14400), (1800, 5400)),
        IncidentKind.NetworkStorm => ((900, 2400), (900, 2700)),
        _ => ((1800, 3600), (1800, 5400)),
    };
}
