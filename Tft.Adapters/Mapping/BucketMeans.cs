using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Servers;
using Tft.Contract.Time;

namespace Tft.Adapters.Mapping;

/// <summary>
/// Records in order of time to one per server and five-minute bucket: means, for counts and uptime the last, the worst state. A second record of
/// one server and second is a duplicate and changes nothing, as in the service.
/// </summary>
/// <param name="trace">For <c>--verbose</c>: a mean shows what its bucket's first record was made of.</param>
internal sealed class BucketMeans(MappingTrace trace)
{
    private readonly SortedDictionary<(long Step, string Server), Bucket> _open = new(Comparer<(long Step, string Server)>.Create(static (a, b) =>
        a.Step != b.Step ? a.Step.CompareTo(b.Step) : string.CompareOrdinal(a.Server, b.Server)));

    public void Add(MetricRecord record)
    {
        var key = (TimeGrid.StepOf(record.Timestamp), record.ServerName);
        if (!_open.TryGetValue(key, out var bucket))
            _open.Add(key, bucket = new Bucket(record));
        bucket.Add(record);
    }

    /// <summary>The buckets that end at or before a time, oldest first; they are forgotten.</summary>
    public IReadOnlyList<MetricRecord> Close(DateTimeOffset until)
    {
        var last = TimeGrid.StepOf(until);
        var closed = _open.TakeWhile(b => b.Key.Step < last).ToList();
        foreach (var bucket in closed)
            _open.Remove(bucket.Key);
        return [.. closed.Select(b => Traced(b.Value.ToRecord(b.Key.Server, TimeGrid.StartOf(b.Key.Step)), b.Value.First))];
    }

    private MetricRecord Traced(MetricRecord mean, MetricRecord first)
    {
        if (trace.Enabled)
            trace.Keep(mean, trace.Of(first).ToDictionary(f => f.Key, f => MetricCatalog.Find(f.Key) is { Rule: not BucketRule.Last } ? f.Value with { From = f.Value.From + " (mean)" } : f.Value));
        return mean;
    }

    private sealed class Bucket(MetricRecord first)
    {
        private readonly double[] _sum = new double[MetricCatalog.Count];
        private readonly int[] _count = new int[MetricCatalog.Count];
        private readonly ulong[] _seconds = new ulong[(TimeGrid.StepSeconds + 63) / 64];
        private ServerState? _state;
        private ServerProfile? _profile;

        public MetricRecord First => first;

        public void Add(MetricRecord record)
        {
            var second = (int)(record.Timestamp.ToUnixTimeSeconds() % TimeGrid.StepSeconds);
            var bit = 1UL << (second & 63);
            if ((_seconds[second >> 6] & bit) != 0)
                return;
            _seconds[second >> 6] |= bit;
            for (var m = 0; m < MetricCatalog.Count; m++)
            {
                var value = record.Values[m];
                if (float.IsNaN(value))
                    continue;
                var last = MetricCatalog.All[m].Rule == BucketRule.Last;
                _sum[m] = last ? value : _sum[m] + value;
                _count[m] = last ? 1 : _count[m] + 1;
            }

            if (record.State is { } state)
                _state = _state is { } s ? ServerStates.Worst(s, state) : state;
            _profile = record.Profile ?? _profile;
        }

        public MetricRecord ToRecord(string server, DateTimeOffset start)
        {
            var values = MetricValues.Missing;
            for (var m = 0; m < MetricCatalog.Count; m++)
            {
                if (_count[m] > 0)
                    values[m] = (float)(_sum[m] / _count[m]);
            }

            return new MetricRecord { ServerName = server, Timestamp = start, State = _state, Profile = _profile, Values = values };
        }
    }
}
