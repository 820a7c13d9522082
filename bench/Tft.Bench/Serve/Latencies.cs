namespace Tft.Bench.Serve;

/// <summary>Measured times of answers.</summary>
internal sealed class Latencies
{
    private readonly List<double> _milliseconds = [];

    public int Count => _milliseconds.Count;

    public long Bytes { get; private set; }

    public void Add(TimeSpan time, long bytes)
    {
        _milliseconds.Add(time.TotalMilliseconds);
        Bytes += bytes;
    }

    /// <summary>In milliseconds; NaN when nothing was measured.</summary>
    public double Quantile(double share)
    {
        if (_milliseconds.Count == 0)
            return double.NaN;
        var sorted = _milliseconds.Order().ToArray();
        return sorted[(int)(share * (sorted.Length - 1))];
    }
}
