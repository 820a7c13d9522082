using Tft.Contract.Metrics;
using Tft.Inference.Otlp.Decoding;

namespace Tft.Inference.Otlp.Mapping;

/// <summary>MB/s (1 MB = 10^6 bytes) in and out over all devices but the loopback, from the growth of each device's bytes.</summary>
internal sealed class NetworkCollection(HostCounters before)
{
    private readonly Dictionary<ulong, double> _totals = [];
    private readonly double[] _grown = [double.NaN, double.NaN];
    private readonly double[] _rates = [double.NaN, double.NaN];
    private ulong _time;

    public bool Add(in OtlpPoint point)
    {
        var direction = point.Direction switch { "receive" => 0, "transmit" => 1, _ => -1 };
        if (direction < 0 || IsLoopback(point.Device))
            return false;
        if (point.Of.IsDelta)
            return AddDelta(point, direction);
        if (_totals.Count >= HostCounters.MaxSeries)
            return false;

        _totals[point.Series] = point.Value;
        _time = Math.Max(_time, point.Time);
        // a device that is new, or whose count began again, has grown by nobody knows what
        if (before.Network.TryGetValue(point.Series, out var last) && point.Value >= last && !(point.Start > before.NetworkTime))
            Sum(_grown, direction, point.Value - last);
        return true;
    }

    /// <summary>Sets the rates; the totals are these, or those of before where none came.</summary>
    public HostCounters Complete(ref MetricValues values, HostCounters after)
    {
        if (_time > before.NetworkTime && _time - before.NetworkTime <= CpuCollection.LongestGap)
        {
            for (var i = 0; i < _grown.Length; i++)
                Sum(_rates, i, _grown[i] / 1e6 / ((_time - before.NetworkTime) / (double)UnixNanoseconds.PerSecond));
        }

        values.Set(Metric.NetIn, (float)_rates[0]);
        values.Set(Metric.NetOut, (float)_rates[1]);
        return _totals.Count > 0 ? after with { Network = _totals, NetworkTime = _time } : after;
    }

    private bool AddDelta(in OtlpPoint point, int direction)
    {
        if (point.Start == 0 || point.Start >= point.Time)
            return false;
        Sum(_rates, direction, point.Value / 1e6 / ((point.Time - point.Start) / (double)UnixNanoseconds.PerSecond));
        return true;
    }

    private static void Sum(double[] sums, int at, double value)
    {
        if (!double.IsNaN(value))
            sums[at] = double.IsNaN(sums[at]) ? value : sums[at] + value;
    }

    private static bool IsLoopback(string? device) =>
        device is "lo" or "lo0" || device?.StartsWith("Loopback", StringComparison.OrdinalIgnoreCase) == true;
}
