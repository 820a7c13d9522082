namespace Tft.Adapters.Simulation.Days;

/// <summary>
/// When a server was last booted: patched once in four weeks, in a night of its own. So uptime counts up and falls to zero, and a
/// boot leaves its marks: maintenance before, two minutes of silence, recovery after.
/// </summary>
internal sealed class BootPlan(ulong stream)
{
    private const double Block = 28 * 86400.0;
    private const double Announced = 600;
    private const double Silent = 120;
    private const double Recovers = 600;

    private readonly ulong _stream = Chance.Stream(stream, 13);

    /// <summary>The last boot at or before this time.</summary>
    public double LastBoot(double seconds)
    {
        var block = (long)Math.Floor(seconds / Block);
        var boot = BootIn(block);
        return boot <= seconds ? boot : BootIn(block - 1);
    }

    public BootPhase PhaseAt(double seconds)
    {
        var last = LastBoot(seconds);
        var since = seconds - last;
        if (since < Silent)
            return BootPhase.Down;
        if (since < Silent + Recovers)
            return BootPhase.Recovering;
        return LastBoot(seconds + Announced) > last ? BootPhase.Maintenance : BootPhase.Up;
    }

    /// <summary>A night between 01:00 and 05:00 of one of the first 27 days of the block.</summary>
    private double BootIn(long block)
    {
        var day = Math.Floor(Chance.Uniform(_stream, block) * 27);
        return Math.Round((block * Block) + (day * 86400) + 3600 + (Chance.Uniform(_stream + 1, block) * 4 * 3600));
    }
}

internal enum BootPhase
{
    Up,
    Maintenance,
    Down,
    Recovering,
}
