using System.Text.Json;
using Tft.Contract.Metrics;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Quality;
using Tft.Inference.Serving.Json;

namespace Tft.Inference.Serving.History;

/// <summary>What had been forecast for the steps of a history, a given lead before each of them: the first step of each point.</summary>
internal static class HistoryForecasts
{
    public static void Write(
        Utf8JsonWriter json, string lead, int which, ServerSnapshot server, HistoryQuery query, long first, long last, QualityTracker quality)
    {
        json.WriteStartObject(lead);
        foreach (var metric in MetricCatalog.All)
        {
            if (!query.Metrics.Has(metric.Id) || !Any(which, server, metric.Id, first, last, query.Every, quality))
                continue;
            json.WriteStartObject(MetricNames.Of(metric.Id));
            WriteQuantile(json, "p10", static kept => kept.P10);
            WriteQuantile(json, "p50", static kept => kept.P50);
            WriteQuantile(json, "p90", static kept => kept.P90);
            json.WriteEndObject();

            void WriteQuantile(Utf8JsonWriter writer, string name, Func<ForecastArchive.Kept, Half> quantile)
            {
                writer.WriteStartArray(name);
                for (var step = first; step <= last; step += query.Every)
                    writer.WriteRounded(quality.TryGet(server, which, step, metric.Id, out var kept) ? (float)quantile(kept) : float.NaN);
                writer.WriteEndArray();
            }
        }

        json.WriteEndObject();
    }

    private static bool Any(int which, ServerSnapshot server, Metric metric, long first, long last, int every, QualityTracker quality)
    {
        for (var step = first; step <= last; step += every)
        {
            if (quality.TryGet(server, which, step, metric, out var kept) && !Half.IsNaN(kept.P50))
                return true;
        }

        return false;
    }
}
