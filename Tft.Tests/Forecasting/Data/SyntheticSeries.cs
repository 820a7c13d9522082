using Tft.Forecasting.Data;

namespace Tft.Tests.Forecasting.Data;

/// <summary>Small servers with a daily shape, autocorrelated noise and a grid, made from a seed.</summary>
internal static class SyntheticSeries
{
    public static ServerSeries Create(int seed, int metrics = 3, int days = 12, int fitDays = 8, double gaps = 0, double grid = 0.01)
    {
        var random = new Random(seed);
        var steps = days * Protocol.Day;
        var values = new float[metrics][];
        for (var m = 0; m < metrics; m++)
        {
            values[m] = new float[steps];
            var (noise, phase) = (0.0, random.NextDouble() * 6);
            for (var t = 0; t < steps; t++)
            {
                noise = (0.9 * noise) + (0.03 * (random.NextDouble() + random.NextDouble() - 1));
                var x = 0.5 + (0.2 * Math.Sin((2 * Math.PI * t / Protocol.Day) + phase)) + noise;
                values[m][t] = random.NextDouble() < gaps ? float.NaN : (float)(Math.Round(x / grid) * grid);
            }
        }

        return new ServerSeries($"s{seed}", [.. Enumerable.Range(0, metrics).Select(m => $"m{m}")], values, seed * 7, fitDays * Protocol.Day);
    }
}
