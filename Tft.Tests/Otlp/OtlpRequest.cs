using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Otlp;

/// <summary>A request that can be written in both encodings, independently of the code under test.</summary>
internal sealed class OtlpRequest
{
    private readonly List<(string? Host, List<Metric> Metrics)> _resources = [];

    public OtlpRequest Host(string? name)
    {
        _resources.Add((name, []));
        return this;
    }

    public OtlpRequest Gauge(string name, params Point[] points) => Add(new Metric(name, "gauge", 0, points));

    public OtlpRequest Total(string name, params Point[] points) => Add(new Metric(name, "sum", 2, points));

    public OtlpRequest Delta(string name, params Point[] points) => Add(new Metric(name, "sum", 1, points));

    public static Point At(DateTimeOffset time, double value, params string[] attributes) => new(Ns(time), Ns(time.AddDays(-1)), value, attributes);

    public static ulong Ns(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;

    public byte[] Json()
    {
        var resources = _resources.Select(r => (JsonNode)new JsonObject
        {
            ["resource"] = new JsonObject { ["attributes"] = r.Host is null ? [] : Attributes(["host.name", r.Host]) },
            ["scopeMetrics"] = new JsonArray(new JsonObject { ["metrics"] = new JsonArray([.. r.Metrics.Select(Json)]) }),
            ["somethingNew"] = new JsonObject(),
        });
        return Encoding.UTF8.GetBytes(new JsonObject { ["resourceMetrics"] = new JsonArray([.. resources]) }.ToJsonString());
    }

    public byte[] Protobuf()
    {
        var request = new ProtobufMessage();
        foreach (var (host, metrics) in _resources)
        {
            var scope = new ProtobufMessage();
            foreach (var metric in metrics)
                scope.Bytes(2, Protobuf(metric));
            // what describes comes after what it describes: both are legal
            var resource = new ProtobufMessage();
            if (host is not null)
                resource.Bytes(1, KeyValue("host.name", host));
            request.Bytes(1, new ProtobufMessage().Bytes(2, scope.ToArray()).Bytes(1, resource.ToArray()).ToArray());
        }

        return request.ToArray();
    }

    private static JsonNode Json(Metric metric)
    {
        var data = new JsonObject
        {
            ["dataPoints"] = new JsonArray([.. metric.Points.Select(p => (JsonNode)new JsonObject
            {
                ["timeUnixNano"] = p.Time.ToString(CultureInfo.InvariantCulture),
                ["startTimeUnixNano"] = p.Start.ToString(CultureInfo.InvariantCulture),
                [Whole(p.Value) ? "asInt" : "asDouble"] = Whole(p.Value) ? ((long)p.Value).ToString(CultureInfo.InvariantCulture) : p.Value,
                ["attributes"] = Attributes(p.Attributes),
            })]),
        };
        if (metric.Temporality > 0)
            data["aggregationTemporality"] = metric.Temporality;
        return new JsonObject { ["name"] = metric.Name, [metric.Kind] = data };
    }

    private static byte[] Protobuf(Metric metric)
    {
        var data = new ProtobufMessage();
        foreach (var point in metric.Points)
        {
            var bytes = new ProtobufMessage().Fixed64(2, point.Start).Fixed64(3, point.Time);
            _ = Whole(point.Value) ? bytes.Fixed64(6, (ulong)(long)point.Value) : bytes.Fixed64(4, BitConverter.DoubleToUInt64Bits(point.Value));
            for (var i = 0; i < point.Attributes.Length; i += 2)
                bytes.Bytes(7, KeyValue(point.Attributes[i], point.Attributes[i + 1]));
            data.Bytes(1, bytes.ToArray());
        }

        if (metric.Temporality > 0)
            data.Varint(2, (ulong)metric.Temporality).Varint(3, 1);
        return new ProtobufMessage().Bytes(metric.Kind == "gauge" ? 5u : 7u, data.ToArray()).Bytes(1, Encoding.UTF8.GetBytes(metric.Name)).ToArray();
    }

    private static bool Whole(double value) => Math.Abs(value) < 1e15 && value == Math.Floor(value);

    private static byte[] KeyValue(string key, string value) =>
        new ProtobufMessage().Bytes(1, Encoding.UTF8.GetBytes(key)).Bytes(2, new ProtobufMessage().Bytes(1, Encoding.UTF8.GetBytes(value)).ToArray()).ToArray();

    private static JsonArray Attributes(string[] pairs) =>
        new([.. pairs.Chunk(2).Select(p => (JsonNode)new JsonObject { ["key"] = p[0], ["value"] = new JsonObject { ["stringValue"] = p[1] } })]);

    private OtlpRequest Add(Metric metric)
    {
        _resources[^1].Metrics.Add(metric);
        return this;
    }

    internal sealed record Point(ulong Time, ulong Start, double Value, string[] Attributes);

    private sealed record Metric(string Name, string Kind, int Temporality, Point[] Points);
}
