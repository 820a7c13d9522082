namespace Tft.Forecasting.Data;

/// <summary>The measured metrics of one server on a five-minute grid.</summary>
/// <param name="Name">The server.</param>
/// <param name="MetricNames">Names of the metrics, in the order of <paramref name="Values"/>.</param>
/// <param name="Values">[metrics][steps]; NaN where nothing was measured.</param>
/// <param name="FirstStep">Index of the first step; modulo 288 it is the slot of the day.</param>
/// <param name="FitSteps">The first so many steps may be fitted on, the others only forecast.</param>
public sealed record ServerSeries(string Name, IReadOnlyList<string> MetricNames, float[][] Values, long FirstStep, int FitSteps)
{
    /// <summary>Number of steps, gaps included.</summary>
    public int Steps => Values.Length == 0 ? 0 : Values[0].Length;

    /// <summary>Name of the server's profile, where the table says it.</summary>
    public string? Profile { get; init; }

    /// <summary>Number of metrics.</summary>
    public int Metrics => Values.Length;

    /// <summary>Slot of the day, 0..287, of a step of this series.</summary>
    public int SlotOf(int step) => (int)((FirstStep + step) % Protocol.Day);

    /// <summary>The same server, of which only some metrics are looked at.</summary>
    public ServerSeries Select(IReadOnlyList<int> metrics) => this with
    {
        MetricNames = [.. metrics.Select(m => MetricNames[m])],
        Values = [.. metrics.Select(m => Values[m])],
    };
}
