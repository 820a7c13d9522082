using Tft.Dashboard.Charts;

namespace Tft.Dashboard.Docs;

/// <summary>A drawing of a chart, of no server: memory that rises into a threshold.</summary>
internal static class ExampleSeries
{
    private const int Past = 72;
    private const int Ahead = 96;

    public static BandSeries At(DateTimeOffset now)
    {
        static double Level(int step) => 72 + (4 * Math.Sin(step / 14.0)) + (Math.Max(0, step) * 0.16);
        static double Wobble(int step) => 0.9 * Math.Sin(step * 1.7) * Math.Cos(step * 0.6);
        var step = TimeSpan.FromMinutes(5);
        var past = Enumerable.Range(-Past + 1, Past).ToArray();
        var ahead = Enumerable.Range(1, Ahead).ToArray();
        double[] Band(double side) => [.. ahead.Select(i => Level(i) + (side * (0.8 + (0.45 * Math.Sqrt(i)))))];
        double[] Before(double side) => [.. past.Select(i => i < -48 ? double.NaN : Level(i) + 0.6 + (side * 3))];
        return new BandSeries
        {
            Key = "example",
            Label = "An example, of no server",
            Unit = "%",
            Ceiling = 100,
            Step = step,
            MeasuredFrom = now - ((Past - 1) * step),
            // a gap is a gap
            Measured = [.. past.Select(i => i is > -40 and < -33 ? double.NaN : Level(i) + Wobble(i))],
            Before = new PastBand("8h", Before(-1), Before(0), Before(1)),
            ForecastFrom = now + step,
            P10 = Band(-1),
            P50 = Band(0),
            P90 = Band(1),
            Current = Level(0) + Wobble(0),
            Thresholds = [new(Level: Fleet.Level.Watch, 80), new(Fleet.Level.Warning, 85), new(Fleet.Level.Critical, 95)],
        };
    }
}
