namespace Tft.Adapters.Simulation.Days;

/// <summary>
/// Autocorrelated noise with random access: normal values on a lattice of one period, joined by a smooth step, and scaled so
/// that the variance is 1 at every point (between lattice points the plain blend would have only half of it).
/// </summary>
internal static class Wander
{
    /// <summary>Value at a time in seconds; correlation is gone after two periods.</summary>
    public static double At(ulong stream, double seconds, double period)
    {
        var x = seconds / period;
        var cell = Math.Floor(x);
        var u = x - cell;
        var w = u * u * (3 - (2 * u));
        var index = (long)cell;
        var a = Chance.Normal(stream, index);
        var b = Chance.Normal(stream, index + 1);
        return ((a * (1 - w)) + (b * w)) / Math.Sqrt((w * w) + ((1 - w) * (1 - w)));
    }

    /// <summary>Noise of three scales (10 min, 1 h and 6 h) as one process of variance 1.</summary>
    public static double Mixed(ulong stream, double seconds) =>
        (0.55 * At(stream, seconds, 600))
        + (0.65 * At(stream + 1, seconds, 3600))
        + (0.525 * At(stream + 2, seconds, 21600));
}
