using System.Buffers;
using System.Text.Json;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Quality;
using Tft.Inference.Http;
using Tft.Inference.Serving.Json;
using Tft.Inference.Windows;

namespace Tft.Inference.Serving.History;

/// <summary>GET /history/{server}: what was measured, on the five-minute grid, as far as the window holds it, and what had been forecast for it.</summary>
internal static class HistoryEndpoints
{
    public static void MapHistory(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/history/{server}", History).WithName("history")
            .WithSummary("Measured values of the last day by metric; a step is named by its start, null where nothing was measured.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static IResult History(string server, HttpContext context, SnapshotStore snapshots, ServerRoute route, IFleetWindows windows, QualityTracker quality)
    {
        if (!HistoryQuery.TryParse(context.Request.Query, out var query, out var bad))
            return new ProblemResult(bad!);
        return route.TryFind(server, snapshots.Current, out var found, out var problem)
            ? Results.Bytes(Write(found, query, windows, quality), "application/json; charset=utf-8")
            : problem;
    }

    private static byte[] Write(ServerSnapshot server, HistoryQuery query, IFleetWindows windows, QualityTracker quality)
    {
        var values = ArrayPool<float>.Shared.Rent(ForecastShape.WindowValues);
        var states = ArrayPool<ServerState>.Shared.Rent(TimeGrid.WindowSteps);
        try
        {
            var window = windows.Read(
                server.Number, values.AsSpan(0, ForecastShape.WindowValues), states.AsSpan(0, TimeGrid.WindowSteps));
            return Write(server, query, window, values, quality);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
            ArrayPool<ServerState>.Shared.Return(states);
        }
    }

    private static byte[] Write(ServerSnapshot server, HistoryQuery query, WindowInfo window, ReadOnlySpan<float> values, QualityTracker quality)
    {
        var oldest = window.LastStep - window.KnownSteps + 1;
        var first = Math.Max(oldest, query.From ?? oldest);
        var last = Math.Min(window.LastStep, query.To ?? window.LastStep);
        var offset = TimeGrid.WindowSteps - 1 - window.LastStep;

        var buffer = new ArrayBufferWriter<byte>(48 * 1024);
        using var json = new Utf8JsonWriter(buffer, JsonWriting.Options);
        json.WriteStartObject();
        json.WriteString("server_name"u8, server.Name);
        json.WriteNumber("step_seconds"u8, query.Every * TimeGrid.StepSeconds);
        json.WriteTime("first_step"u8, window.KnownSteps == 0 ? server.OriginSeconds : TimeGrid.StartSeconds(first));
        json.WriteStartObject("measured"u8);
        foreach (var metric in MetricCatalog.All)
        {
            if (!query.Metrics.Has(metric.Id))
                continue;
            json.WriteStartArray(MetricNames.Of(metric.Id));
            for (var step = first; window.KnownSteps > 0 && step <= last; step += query.Every)
                json.WriteRounded(Mean(values, metric.Id, (int)(step + offset), (int)(Math.Min(last, step + query.Every - 1) + offset)));
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteBoolean("forecasts_kept"u8, quality.IsFollowed(server));
        json.WriteStartObject("forecasts"u8);
        if (window.KnownSteps > 0)
        {
            HistoryForecasts.Write(json, "1h", 0, server, query, first, last, quality);
            HistoryForecasts.Write(json, "8h", 1, server, query, first, last, quality);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Mean of what was measured from row to row; NaN where nothing was.</summary>
    private static float Mean(ReadOnlySpan<float> values, Metric metric, int first, int last)
    {
        double sum = 0;
        var count = 0;
        for (var row = first; row <= last; row++)
        {
            var value = values[(row * ForecastShape.Metrics) + (int)metric];
            if (float.IsNaN(value))
                continue;
            sum += value;
            count++;
        }

        return count == 0 ? float.NaN : (float)(sum / count);
    }
}
