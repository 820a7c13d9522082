using Tft.Contract.Metrics;

namespace Tft.Adapters.Simulation.Days;

/// <summary>What real monitoring misses: single samples, single metrics for a while, and now and then half an hour.</summary>
internal sealed class SamplingGaps(ulong stream)
{
    private readonly ulong _stream = Chance.Stream(stream, 17);

    /// <summary>True while nothing is measured: one day in twenty-five has a gap of 5 to 40 minutes.</summary>
    public bool InOutage(double seconds)
    {
        var day = (long)Math.Floor(seconds / 86400);
        if (Chance.Uniform(_stream, day) >= 0.04)
            return false;
        var start = (day * 86400.0) + Chance.Uniform(_stream + 1, day, 0, 83000);
        return seconds >= start && seconds < start + Chance.Uniform(_stream + 2, day, 300, 2400);
    }

    /// <summary>True for one sample in a thousand.</summary>
    public bool IsDropped(double seconds) => Chance.Uniform(_stream + 3, (long)Math.Floor(seconds)) < 0.001;

    /// <summary>The metric that is not measured in this hour; -1 in most of them.</summary>
    public int MissingMetric(double seconds)
    {
        var hour = (long)Math.Floor(seconds / 3600);
        var u = Chance.Uniform(_stream + 4, hour);
        return u < 0.006 ? (int)(u / 0.006 * MetricCatalog.Count) : -1;
    }
}
