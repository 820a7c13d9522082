using System.Text.Json;
using Tft.Contract.Metrics;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;

namespace Tft.Inference.Serving.Json;

/// <summary>A metric's 96 steps: <c>p10, p50, p90, current, trend</c>.</summary>
internal static class MetricSeriesJson
{
    /// <param name="json">Stands inside the metric's object.</param>
    /// <param name="block">The server's block.</param>
    /// <param name="server">Of whom.</param>
    /// <param name="metric">Of what.</param>
    /// <param name="mirrored">True writes 100 - x, quantiles changed over: CPU use from idle.</param>
    public static void WriteMembers(Utf8JsonWriter json, SnapshotBlock block, ServerSnapshot server, Metric metric, bool mirrored = false)
    {
        Span<float> series = stackalloc float[ForecastShape.Steps];
        var at = server.Number - block.First;
        WriteSeries(json, "p10"u8, Read(block, at, metric, mirrored ? 2 : 0, mirrored, series));
        WriteSeries(json, "p50"u8, Read(block, at, metric, 1, mirrored, series));
        var trend = (series[^1] - series[0]) / (ForecastShape.Steps - 1);
        WriteSeries(json, "p90"u8, Read(block, at, metric, mirrored ? 0 : 2, mirrored, series));
        var current = server.Current.Get(metric);
        json.WriteRounded("current"u8, mirrored ? 100 - current : current);
        json.WriteRounded("trend"u8, trend);
    }

    private static Span<float> Read(SnapshotBlock block, int at, Metric metric, int quantile, bool mirrored, Span<float> series)
    {
        block.Forecasts.Get(at, metric, quantile, series);
        if (mirrored)
        {
            foreach (ref var value in series)
                value = 100 - value;
        }

        return series;
    }

    private static void WriteSeries(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<float> series)
    {
        json.WriteStartArray(name);
        foreach (var value in series)
            json.WriteRounded(value);
        json.WriteEndArray();
    }
}
