using System.Text.Json.Serialization;
using Tft.Dashboard.Fleet;

namespace Tft.Dashboard.Heatmap;

/// <summary>The cells of the heatmap, by columns: small enough for ten thousand servers.</summary>
internal sealed record HeatmapData(
    long Snapshot, string Unit, float Calm, float Full, string[] Groups, string[] Names, int[] Group, float?[][] Values)
{
    /// <summary>Servers by profile and name: a cell keeps its place when its value changes.</summary>
    public static HeatmapData From(FleetView view, HeatmapScale scale)
    {
        var rows = view.Rows.OrderBy(r => r.Profile, StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal).ToList();
        var groups = view.Profiles.ToArray();
        var values = scale.Leads.Select((_, lead) => rows.Select(r => Rounded(scale.Values(r, lead))).ToArray()).ToArray();
        var full = scale.Full > 0 ? scale.Full : values.SelectMany(v => v).Max() ?? 1;
        return new(
            view.Snapshot, scale.Unit, scale.Calm, full, [.. groups.Select(Text.Strings.Words)],
            [.. rows.Select(r => r.Name)], [.. rows.Select(r => Array.IndexOf(groups, r.Profile))], values);
    }

    private static float? Rounded(float value) => float.IsFinite(value) ? MathF.Round(value, 1) : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HeatmapData))]
internal sealed partial class HeatmapJson : JsonSerializerContext;

/// <summary>GET /data/heatmap?by=: what the canvas draws, fetched by the browser itself so that it does not pass the circuit.</summary>
internal static class HeatmapEndpoint
{
    public static void MapHeatmap(this IEndpointRouteBuilder app) => app.MapGet("/data/heatmap", (FleetStore store, HttpContext context, string? by) =>
    {
        if (store.Current is not { } view)
        {
            return Results.Problem(title: Text.Strings.NotConnected, statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        context.Response.Headers.CacheControl = "no-cache";
        return Results.Json(HeatmapData.From(view, HeatmapScale.Find(by)), HeatmapJson.Default.HeatmapData);
    });
}
