using Tft.Contract.Records;
using Tft.Inference.Otlp.Decoding;

namespace Tft.Inference.Otlp.Mapping;

/// <summary>Makes records of data points: one for each host and collection.</summary>
internal sealed class OtlpMapper(CounterStore counters, TimeProvider clock)
{
    /// <summary>The scrapers of one collection run side by side: their times differ by less.</summary>
    private const ulong CollectionSpan = 2 * UnixNanoseconds.PerSecond;

    /// <summary>Beyond this a number is nothing that was measured, and sums of such numbers fit no float.</summary>
    private const double Largest = 1e24;

    /// <exception cref="OtlpFaultException">More collections than a request may hold.</exception>
    public OtlpMapping Map(OtlpBatch batch)
    {
        var mapping = new OtlpMapping { Ignored = batch.Ignored };
        var latest = UnixNanoseconds.Of(clock.GetUtcNow().AddSeconds(RecordRules.MaxAheadSeconds));
        Dictionary<string, List<OtlpPoint>> hosts = new(StringComparer.Ordinal);
        foreach (var resource in batch.Resources)
        {
            if (resource.Points.Count == 0)
                continue;
            if (string.IsNullOrWhiteSpace(resource.HostName) || resource.HostName.Length > RecordRules.MaxNameLength)
            {
                mapping.Reject(resource.Points.Count, "a resource without host.name, or with one of more than 253 characters: add the resourcedetection processor with the system detector.");
                continue;
            }

            if (!hosts.TryGetValue(resource.HostName, out var points))
                hosts.Add(resource.HostName, points = []);
            foreach (var point in resource.Points)
            {
                if (Fault(point, latest) is { } fault)
                    mapping.Reject(1, $"{resource.HostName}: {fault}");
                else
                    points.Add(point);
            }
        }

        foreach (var (host, points) in hosts)
            Map(mapping, host, points);
        return mapping;
    }

    private static string? Fault(in OtlpPoint point, ulong latest)
    {
        if (point.Time == 0)
            return "a data point without time_unix_nano.";
        if (point.Time > latest)
            return $"a data point of {point.Of.Kind} that is more than {RecordRules.MaxAheadSeconds / 60} min ahead of the service's clock.";
        return Math.Abs(point.Value) <= Largest ? null : $"a data point of {point.Of.Kind} that is no finite number.";
    }

    private void Map(OtlpMapping mapping, string host, List<OtlpPoint> points)
    {
        var before = counters.Get(host);
        HashSet<(OtlpMetric Kind, ulong Series)> seen = [];
        // the order of the wire among equal times, as OrderBy keeps it
        var ordered = points.OrderBy(p => p.Time).ToArray();
        for (var from = 0; from < ordered.Length;)
        {
            if (++mapping.Collections > RecordRules.MaxRecords)
                throw new OtlpFaultException($"more than {RecordRules.MaxRecords} collections of hosts in one request.", tooLarge: true);
            seen.Clear();
            var collection = new Collection(before);
            var (to, ignored) = (from, 0);
            // a series that comes again is of the next collection
            for (; to < ordered.Length && ordered[to].Time - ordered[from].Time < CollectionSpan && seen.Add((ordered[to].Of.Kind, ordered[to].Series)); to++)
                ignored += collection.Add(ordered[to]) ? 0 : 1;

            mapping.Ignored += ignored;
            var values = collection.Complete(out before);
            mapping.Add(host, ordered[from].Time, values, to - from - ignored);
            from = to;
        }

        if (ordered.Length > 0)
            mapping.Counters.Add((host, before));
    }
}
