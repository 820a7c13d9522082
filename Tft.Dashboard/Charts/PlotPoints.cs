using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tft.Dashboard.Charts;

/// <summary>The numbers of a chart for the crosshair in the browser; null where there is none.</summary>
internal sealed record PlotPoints(
    string Label, string Unit, string Zone, double Step, long MeasuredFrom, double?[] Measured, long ForecastFrom, double?[] P10, double?[] P50, double?[] P90,
    string? Before, double?[]? Before10, double?[]? Before50, double?[]? Before90)
{
    public static string Json(BandSeries series, DateTimeOffset from, TimeZoneInfo zone)
    {
        var skip = Math.Clamp((int)Math.Ceiling((from - series.MeasuredFrom) / series.Step), 0, series.Measured.Length);
        var points = new PlotPoints(
            series.Label,
            series.Unit,
            zone.HasIanaId ? zone.Id : "UTC",
            series.Step.TotalSeconds,
            series.MeasuredAt(skip).ToUnixTimeSeconds(),
            Rounded(series.Measured.AsSpan(skip)),
            series.ForecastFrom.ToUnixTimeSeconds(),
            Rounded(series.P10),
            Rounded(series.P50),
            Rounded(series.P90),
            series.Before?.Words,
            series.Before is null ? null : Rounded(series.Before.P10.AsSpan(skip)),
            series.Before is null ? null : Rounded(series.Before.P50.AsSpan(skip)),
            series.Before is null ? null : Rounded(series.Before.P90.AsSpan(skip)));
        return JsonSerializer.Serialize(points, PlotJson.Default.PlotPoints);
    }

    private static double?[] Rounded(ReadOnlySpan<double> values)
    {
        var rounded = new double?[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            rounded[i] = double.IsFinite(values[i]) ? Math.Round(values[i], 2) : null;
        }

        return rounded;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PlotPoints))]
internal sealed partial class PlotJson : JsonSerializerContext;
