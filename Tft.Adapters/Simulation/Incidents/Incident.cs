namespace Tft.Adapters.Simulation.Incidents;

/// <summary>
/// One incident of one server, in Unix seconds: first signs from <paramref name="Precursor"/>, the incident proper from
/// <paramref name="Start"/> to <paramref name="End"/>, then the way back.
/// </summary>
/// <param name="Peak">Height at the worst moment, 0..1.</param>
internal sealed record Incident(IncidentKind Kind, double Precursor, double Start, double End, double Peak)
{
    /// <summary>Share of the peak that the precursor reaches when the incident proper begins.</summary>
    private const double PrecursorShare = 0.4;

    /// <summary>Seconds until nothing is left of it: a restart cures leaks at once, a queue drains slowly.</summary>
    public double Recovery => Kind is IncidentKind.MemoryLeak or IncidentKind.DiskFilling or IncidentKind.ConnectionLeak ? 60 : 900;

    /// <summary>How strong the incident is at a time, 0..1.</summary>
    public double Amplitude(double seconds)
    {
        if (seconds <= Precursor || seconds >= End + Recovery)
            return 0;
        if (seconds < Start)
        {
            var u = (seconds - Precursor) / (Start - Precursor);
            return Peak * PrecursorShare * (GrowsEvenly ? u : u * u);
        }

        if (seconds < End)
        {
            // Leaks go on as they began; the others reach their height in the first fifth.
            var u = (seconds - Start) / (End - Start);
            var rise = GrowsEvenly ? u : Math.Min(1, u * 5);
            return Peak * (PrecursorShare + ((1 - PrecursorShare) * rise));
        }

        return Peak * (1 - ((seconds - End) / Recovery));
    }

    private bool GrowsEvenly => Kind is IncidentKind.MemoryLeak or IncidentKind.DiskFilling or IncidentKind.ConnectionLeak;
}
