using System.Text.Json;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Risk;

namespace Tft.Inference.Serving.Json;

/// <summary>Writes what GET /predict and GET /predict/{server} have in common, straight from a block.</summary>
internal static class ServerJson
{
    /// <summary>Horizons by name: the values AT steps 6, 12 and 96.</summary>
    private static readonly (JsonEncodedText Name, int Step)[] s_horizons =
    [
        (JsonEncodedText.Encode("predictions_30m"), 5),
        (JsonEncodedText.Encode("predictions_1h"), 11),
        (JsonEncodedText.Encode("predictions_8h"), 95),
    ];

    /// <summary>The members of a server's object, without its braces.</summary>
    public static void WriteMembers(Utf8JsonWriter json, SnapshotBlock block, ServerSnapshot server, MetricMask metrics)
    {
        json.WriteString("server_id"u8, server.Id);
        json.WriteString("profile"u8, server.Profile.Name());
        json.WriteString("state"u8, server.State.Name());
        WriteCurrent(json, server, metrics);
        foreach (var (name, step) in s_horizons)
            WriteHorizon(json, block, server, metrics, name, step);
        json.WriteRounded("risk_score"u8, Rounded(server.Risk.Score));
        json.WriteRounded("current_risk"u8, Rounded(server.Risk.Current));
        json.WriteRounded("predicted_risk"u8, Rounded(server.Risk.Predicted));
        json.WriteString("level"u8, server.Risk.Level.Name());
        json.WriteRounded("prob_30m"u8, server.Risk.Prob30m);
        json.WriteRounded("prob_8h"u8, server.Risk.Prob8h);
        json.WriteStartArray("reasons"u8);
        foreach (var reason in server.Risk.Reasons)
            ReasonJson.Write(json, reason);
        json.WriteEndArray();
        json.WriteString("model_type"u8, server.Note.ModelType);
        json.WriteString("fallback_reason"u8, server.Note.FallbackReason);
        json.WriteStartArray("fallback_metrics"u8);
        foreach (var metric in MetricCatalog.All)
        {
            if (server.Note.Rejected.Has(metric.Id))
                json.WriteStringValue(MetricNames.Of(metric.Id));
        }

        json.WriteEndArray();
        json.WriteString("lifecycle"u8, server.Lifecycle);
        json.WriteTime("last_record_at"u8, server.LastRecordSeconds);
        json.WriteTime("origin"u8, server.OriginSeconds);
        json.WriteRounded("data_age_s"u8, MathF.Max(0, (float)(block.Time - DateTimeOffset.FromUnixTimeSeconds(server.LastRecordSeconds)).TotalSeconds));
    }

    /// <summary>A point in time, in UTC and seconds.</summary>
    public static void WriteTime(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long unixSeconds) =>
        json.WriteString(name, DateTimeOffset.FromUnixTimeSeconds(unixSeconds).UtcDateTime);

    /// <summary>Scores have one decimal.</summary>
    private static float Rounded(float score) => MathF.Round(score, 1);

    private static void WriteCurrent(Utf8JsonWriter json, ServerSnapshot server, MetricMask metrics)
    {
        json.WriteStartObject("current"u8);
        foreach (var metric in MetricCatalog.All)
        {
            if (!metrics.Has(metric.Id) || !server.Current.Has(metric.Id))
                continue;
            json.WritePropertyName(MetricNames.Of(metric.Id));
            json.WriteRounded(server.Current.Get(metric.Id));
        }

        json.WriteEndObject();
    }

    private static void WriteHorizon(
        Utf8JsonWriter json, SnapshotBlock block, ServerSnapshot server, MetricMask metrics, JsonEncodedText name, int step)
    {
        var at = server.Number - block.First;
        json.WriteStartObject(name);
        foreach (var metric in MetricCatalog.All)
        {
            if (!metrics.Has(metric.Id) || !block.Forecasts.Has(at, metric.Id))
                continue;
            json.WriteStartObject(MetricNames.Of(metric.Id));
            json.WriteRounded("p10"u8, block.Forecasts.Get(at, metric.Id, 0, step));
            json.WriteRounded("p50"u8, block.Forecasts.Get(at, metric.Id, 1, step));
            json.WriteRounded("p90"u8, block.Forecasts.Get(at, metric.Id, 2, step));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
