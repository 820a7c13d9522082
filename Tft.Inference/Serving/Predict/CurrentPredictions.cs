using System.Buffers;
using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Risk;
using Tft.Inference.Serving.Json;

namespace Tft.Inference.Serving.Predict;

/// <summary>
/// GET /predictions/current, the shape of version 1: every server with all 96 steps, under the names that its users know beside the contract's.
/// A large fleet is streamed, block by block, and not kept.
/// </summary>
internal static class CurrentPredictions
{
    /// <summary>Up to here the answer (some 45 kB a server) is kept for the next client.</summary>
    public const int LargestCached = 256;

    /// <summary>Alerts of version 1 are the worst ones only.</summary>
    private const int MaximumAlerts = 100;

    private const int FlushBytes = 1 << 20;

    private static readonly (string Name, Metric Metric, bool Mirrored)[] s_aliases =
    [
        ("cpu_percent", Metric.CpuIdle, true),
        ("memory_percent", Metric.MemUsed, false),
        ("disk_percent", Metric.DiskUsage, false),
    ];

    public static byte[] Write(FleetSnapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        using var json = new Utf8JsonWriter(buffer, JsonWriting.Options);
        json.WriteStartObject();
        json.WriteStartObject("predictions"u8);
        foreach (var block in snapshot.Blocks)
            WriteBlock(json, block);
        json.WriteEndObject();
        WriteTail(json, snapshot);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static async Task StreamAsync(FleetSnapshot snapshot, HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        var writer = context.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(writer, JsonWriting.Options);
        json.WriteStartObject();
        json.WriteStartObject("predictions"u8);
        foreach (var block in snapshot.Blocks)
        {
            foreach (var server in block.Servers)
            {
                if (server is null)
                    continue;
                WriteServer(json, block, server);
                if (json.BytesPending + writer.UnflushedBytes > FlushBytes)
                {
                    await json.FlushAsync(context.RequestAborted);
                    await writer.FlushAsync(context.RequestAborted);
                }
            }
        }

        json.WriteEndObject();
        WriteTail(json, snapshot);
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
        await writer.FlushAsync(context.RequestAborted);
    }

    private static void WriteBlock(Utf8JsonWriter json, SnapshotBlock block)
    {
        foreach (var server in block.Servers)
        {
            if (server is not null)
                WriteServer(json, block, server);
        }
    }

    private static void WriteServer(Utf8JsonWriter json, SnapshotBlock block, ServerSnapshot server)
    {
        json.WriteStartObject(server.Name);
        foreach (var (name, metric, mirrored) in s_aliases)
            WriteMetric(json, block, server, name, metric, mirrored);
        foreach (var metric in MetricCatalog.All)
            WriteMetric(json, block, server, metric.Name, metric.Id, mirrored: false);
        json.WriteRounded("risk_score"u8, MathF.Round(server.Risk.Score, 1));
        json.WriteString("profile"u8, server.Profile.Name());
        json.WriteStartObject("alert"u8);
        json.WriteString("level"u8, server.Risk.Level.Name());
        json.WriteRounded("score"u8, MathF.Round(server.Risk.Score, 1));
        json.WriteString("label"u8, server.Risk.Level.Label());
        json.WriteEndObject();
        json.WriteStartObject("display_metrics"u8);
        json.WriteRounded("cpu_percent"u8, 100 - server.Current.Get(Metric.CpuIdle));
        json.WriteRounded("memory_percent"u8, server.Current.Get(Metric.MemUsed));
        json.WriteRounded("disk_percent"u8, server.Current.Get(Metric.DiskUsage));
        json.WriteRounded("load_average"u8, server.Current.Get(Metric.LoadAverage));
        json.WriteRounded("iowait_percent"u8, server.Current.Get(Metric.CpuIoWait));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMetric(Utf8JsonWriter json, SnapshotBlock block, ServerSnapshot server, string name, Metric metric, bool mirrored)
    {
        if (!block.Forecasts.Has(server.Number - block.First, metric))
            return;
        json.WriteStartObject(name);
        MetricSeriesJson.WriteMembers(json, block, server, metric, mirrored);
        json.WriteEndObject();
    }

    private static void WriteTail(Utf8JsonWriter json, FleetSnapshot snapshot)
    {
        json.WriteStartArray("alerts"u8);
        foreach (var (server, reason) in AlertsOf(snapshot))
            WriteAlert(json, server, reason);
        json.WriteEndArray();
        json.WritePropertyName("environment"u8);
        JsonSerializer.Serialize(json, FleetEnvironment.Of(snapshot), ContractJson.Default.EnvironmentInfo);
        json.WriteStartObject("metadata"u8);
        json.WriteString("model_type"u8, snapshot.Model.Type);
        json.WriteString("model_version"u8, snapshot.Model.Version);
        json.WriteString("prediction_time"u8, snapshot.Time.UtcDateTime);
        json.WriteNumber("horizon_steps"u8, ForecastShape.Steps);
        json.WriteString("device"u8, snapshot.Model.Device);
        json.WriteNumber("snapshot"u8, snapshot.Number);
        json.WriteEndObject();
        var totals = snapshot.Totals;
        json.WriteStartObject("summary"u8);
        json.WriteNumber("total_servers"u8, totals.Servers);
        json.WriteNumber("critical_count"u8, totals.Critical);
        json.WriteNumber("warning_count"u8, totals.Warning);
        json.WriteNumber("watch_count"u8, totals.Watch);
        json.WriteNumber("healthy_count"u8, totals.Healthy);
        json.WriteNumber("fallback_count"u8, totals.Fallback);
        json.WriteEndObject();
    }

    /// <summary>The medians that will cross warning or critical, worst first.</summary>
    private static IEnumerable<(ServerSnapshot Server, Reason Reason)> AlertsOf(FleetSnapshot snapshot) => snapshot.Blocks
        .SelectMany(block => block.Servers)
        .OfType<ServerSnapshot>()
        .SelectMany(server => server.Risk.Reasons, (server, reason) => (server, reason))
        .Where(a => a.reason is { Level: >= RiskLevel.Warning, Source: ReasonSource.P50 })
        .OrderByDescending(a => a.reason.Severity)
        .Take(MaximumAlerts);

    private static void WriteAlert(Utf8JsonWriter json, ServerSnapshot server, in Reason reason)
    {
        var metric = reason.Metric switch
        {
            RiskMetric.CpuUsed => "cpu_percent",
            RiskMetric.Memory => "memory_percent",
            RiskMetric.Disk => "disk_percent",
            var other => RiskMetrics.Get(other).Key,
        };
        var value = MathF.Round(reason.FromIdle ? 100 - reason.Value : reason.Value, 1);
        json.WriteStartObject();
        json.WriteString("server"u8, server.Name);
        json.WriteString("metric"u8, metric);
        json.WriteString("severity"u8, reason.Level.Name());
        json.WriteRounded("predicted_value"u8, value);
        json.WriteRounded("threshold"u8, reason.FromIdle ? 100 - reason.Threshold : reason.Threshold);
        json.WriteNumber("steps_ahead"u8, (int)reason.LeadSteps);
        json.WriteNumber("minutes_ahead"u8, reason.LeadMinutes);
        json.WriteString("message"u8, FormattableString.Invariant($"{server.Name}: {metric} predicted to reach {value}"));
        json.WriteEndObject();
    }
}
