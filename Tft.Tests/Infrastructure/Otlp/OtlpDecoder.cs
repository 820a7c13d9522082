namespace Tft.Tests.Infrastructure.Otlp;

/// <summary>Export requests of OTLP 1.x; the numbers are the fields of opentelemetry-proto.</summary>
public static class OtlpDecoder
{
    public static IEnumerable<CollectedSpan> Spans(ReadOnlyMemory<byte> request)
        => from resourceSpans in new ProtoMessage(request).Messages(1)
           let resource = Resource(resourceSpans)
           from scopeSpans in resourceSpans.Messages(2)
           from span in scopeSpans.Messages(2)
           select new CollectedSpan(
               resource, ScopeName(scopeSpans), span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), (SpanKind)span.Number(6),
               Time(span.Number(7)), Time(span.Number(8)), Attributes(span, 9),
               [.. span.Messages(13).Select(l => new CollectedLink(l.Hex(1), l.Hex(2)))],
               span.Message(15)?.Number(3) == 2);

    public static IEnumerable<CollectedMetric> Metrics(ReadOnlyMemory<byte> request)
        => from resourceMetrics in new ProtoMessage(request).Messages(1)
           let resource = Resource(resourceMetrics)
           from scopeMetrics in resourceMetrics.Messages(2)
           from metric in scopeMetrics.Messages(2)
           from point in Points(metric)
           select new CollectedMetric(resource, ScopeName(scopeMetrics), metric.Text(1), metric.Text(3), point.Value, point.Count, point.Attributes);

    public static IEnumerable<CollectedLog> Logs(ReadOnlyMemory<byte> request)
        => from resourceLogs in new ProtoMessage(request).Messages(1)
           let resource = Resource(resourceLogs)
           from scopeLogs in resourceLogs.Messages(2)
           from log in scopeLogs.Messages(2)
           select new CollectedLog(resource, ScopeName(scopeLogs), Value(log.Message(5)) as string ?? "", log.Hex(9), log.Hex(10));

    private static CollectedResource Resource(ProtoMessage holder)
        => new(holder.Message(1) is { } resource ? Attributes(resource, 1) : new Dictionary<string, object?>());

    private static string ScopeName(ProtoMessage holder) => holder.Message(1)?.Text(1) ?? "";

    private static IEnumerable<(double Value, ulong Count, IReadOnlyDictionary<string, object?> Attributes)> Points(ProtoMessage metric)
    {
        // 5 gauge, 7 sum: number points; 9 histogram
        foreach (var point in metric.Messages(5).Concat(metric.Messages(7)).SelectMany(m => m.Messages(1)))
            yield return (point.Has(4) ? point.Double(4) : (long)point.Number(6), 1, Attributes(point, 7));
        foreach (var point in metric.Messages(9).SelectMany(m => m.Messages(1)))
            yield return (point.Double(5), point.Number(4), Attributes(point, 9));
    }

    private static Dictionary<string, object?> Attributes(ProtoMessage holder, int field)
        => holder.Messages(field).GroupBy(a => a.Text(1)).ToDictionary(g => g.Key, g => Value(g.Last().Message(2)));

    private static object? Value(ProtoMessage? any) => any switch
    {
        null => null,
        _ when any.Has(1) => any.Text(1),
        _ when any.Has(2) => any.Number(2) != 0,
        _ when any.Has(3) => (long)any.Number(3),
        _ when any.Has(4) => any.Double(4),
        _ when any.Has(5) => any.Message(5)!.Messages(1).Select(Value).ToArray(),
        _ => null,
    };

    private static DateTimeOffset Time(ulong unixNanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(unixNanoseconds / 100));
}
