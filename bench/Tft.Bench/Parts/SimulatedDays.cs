namespace Tft.Bench.Parts;

/// <summary>Days of a server that is made up: every metric has a wave of a day and noise.</summary>
internal static class SimulatedDays
{
    /// <summary>[metrics][steps] values, the same for the same arguments.</summary>
    /// <param name="metrics">Metrics.</param>
    /// <param name="steps">Steps of five minutes.</param>
    /// <param name="first">Number of the first step; modulo 288 it is the slot of the day.</param>
    public static float[][] Make(int metrics, int steps, long first)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, metrics).Select(m => Enumerable.Range(0, steps).Select(t => Usual(m, first + t) + (8f * random.NextSingle())).ToArray())];
    }

    private static float Usual(int metric, long step) => 30f + (20f * MathF.Sin(MathF.Tau * (((step % 288) / 288f) + (metric * 0.1f))));
}
