using Tft.Contract.Metrics;

namespace Tft.Adapters.Mapping;

/// <summary>The last reading of each counter, so that growth per second can be told. A counter that goes back was reset: no rate this time.</summary>
internal sealed class RateMemory
{
    private readonly Dictionary<(string Server, Metric Metric, string Series), (DateTimeOffset At, double Value)> _last = [];

    public double? PerSecond((string Server, Metric Metric, string Series) counter, DateTimeOffset at, double value)
    {
        var known = _last.TryGetValue(counter, out var before);
        // A row that is read again, or came late, is older than what is known and tells nothing new.
        if (known && at <= before.At)
            return null;
        _last[counter] = (at, value);
        return known && value >= before.Value ? (value - before.Value) / (at - before.At).TotalSeconds : null;
    }
}
