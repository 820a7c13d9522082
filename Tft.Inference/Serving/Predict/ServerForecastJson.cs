using System.Buffers;
using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Online;
using Tft.Inference.Forecasts.Quality;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Risk;
using Tft.Inference.Serving.Json;

namespace Tft.Inference.Serving.Predict;

/// <summary>GET /predict/{server}: what /predict says of it, and all 96 steps of every metric with thresholds and past quality.</summary>
internal sealed class ServerForecastJson(ThresholdTable thresholds, QualityTracker quality, OnlineBook online)
{
    public byte[] Write(FleetSnapshot snapshot, ServerSnapshot server)
    {
        var block = snapshot.BlockOf(server);
        var buffer = new ArrayBufferWriter<byte>(48 * 1024);
        using var json = new Utf8JsonWriter(buffer, JsonWriting.Options);
        json.WriteStartObject();
        ServerJson.WriteMembers(json, block, server, MetricMask.All);
        json.WriteString("server_name"u8, server.Name);
        json.WriteString("timestamp"u8, snapshot.Time.UtcDateTime);
        json.WriteNumber("snapshot"u8, snapshot.Number);
        json.WriteNumber("step_seconds"u8, TimeGrid.StepSeconds);
        json.WriteTime("first_step"u8, server.OriginSeconds + TimeGrid.StepSeconds);
        if (server.FallbackSinceSeconds is { } since)
            json.WriteTime("fallback_since"u8, since);
        else
            json.WriteNull("fallback_since"u8);
        json.WriteStartArray("quantiles"u8);
        json.WriteStringValue("p10"u8);
        json.WriteStringValue("p50"u8);
        json.WriteStringValue("p90"u8);
        json.WriteEndArray();
        json.WriteStartObject("predictions"u8);
        foreach (var metric in MetricCatalog.All)
        {
            if (block.Forecasts.Has(server.Number - block.First, metric.Id))
                WriteMetric(json, block, server, metric);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private void WriteMetric(Utf8JsonWriter json, SnapshotBlock block, ServerSnapshot server, MetricDefinition metric)
    {
        json.WriteStartObject(MetricNames.Of(metric.Id));
        MetricSeriesJson.WriteMembers(json, block, server, metric.Id);
        json.WriteString("unit"u8, metric.Unit);
        json.WriteString("model_type"u8, server.Note.Networks.Has(metric.Id) ? "TFT" : "fallback");
        WriteTrust(json, server, metric.Id);
        WriteQuality(json, quality.QualityOf(server, metric.Id));
        WriteThresholds(json, server, metric.Id);
        json.WriteEndObject();
    }

    private void WriteTrust(Utf8JsonWriter json, ServerSnapshot server, Metric metric)
    {
        if (server.Note.Rejected.Has(metric))
            json.WriteNumber("trust"u8, 0);
        else if (server.Note.Networks.Has(metric))
            json.WriteRounded("trust"u8, online.Find(server.Number, server.Name)?.NetworksShare((int)metric) ?? 1);
        else
            json.WriteNull("trust"u8);
    }

    private static void WriteQuality(Utf8JsonWriter json, ForecastQuality? quality)
    {
        if (quality is null)
            json.WriteNull("quality"u8);
        else
        {
            json.WritePropertyName("quality"u8);
            JsonSerializer.Serialize(json, quality, ContractJson.Default.ForecastQuality);
        }
    }

    /// <summary>Falling instead of rising for idle CPU, whose low values are the bad ones.</summary>
    private void WriteThresholds(Utf8JsonWriter json, ServerSnapshot server, Metric metric)
    {
        if (RiskMetrics.All.FirstOrDefault(m => m.Wire == metric) is not { } risk)
        {
            json.WriteNull("thresholds"u8);
            return;
        }

        var limits = thresholds.Get(server.Profile, risk.Id, server.LoadMedian);
        var mirrored = risk.Id == RiskMetric.CpuUsed;
        json.WriteStartObject("thresholds"u8);
        json.WriteRounded("watch"u8, mirrored ? 100 - limits.Watch : limits.Watch);
        json.WriteRounded("warning"u8, mirrored ? 100 - limits.Warning : limits.Warning);
        json.WriteRounded("critical"u8, mirrored ? 100 - limits.Critical : limits.Critical);
        json.WriteEndObject();
    }
}
