using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Recipe.Corrections;

/// <summary>
/// What the network sees of one metric of a window. No identity of server or metric is among it, and no position in the window: so it forecasts
/// metrics and servers that it never saw. The time of day is in the climatology.
/// </summary>
internal static class NetworkInputs
{
    /// <summary>Steps of the past that the network sees: eight hours. The base has seen the whole day.</summary>
    public const int Encoder = 96;

    /// <summary>Steps of the past that a network for the next leads sees.</summary>
    public const int NearEncoder = 32;

    /// <summary>Leads of a network for the next leads: an hour and a third.</summary>
    public const int NearDecoder = 16;

    /// <summary>Inputs of the past beside the anomaly: level, climatology, what the other metrics say, stress of the server.</summary>
    public const int Past = 4;

    /// <summary>Inputs of the future: nine of each lead, six constants of the origin, the usual unit, the lead itself, how far the day's extremes and two straight lines are off the base, how straight these lines are, and how likely yesterday comes again.</summary>
    public const int Future = 24;

    private const float LevelCap = 5;

    /// <summary>Names of the inputs of the past, the anomaly first.</summary>
    public static IReadOnlyList<string> PastNames { get; } = ["anomaly", "level", "climatology", "other_metrics", "server_stress"];

    /// <summary>Names of the inputs of the future.</summary>
    public static IReadOnlyList<string> FutureNames { get; } =
    [
        "base", "lag_ridge", "base_mean", "climatology", "yesterday", "yesterday_hour", "spread", "usual_p10", "usual_p90",
        "roughness_hour", "roughness_day", "anomaly_now", "anomaly_hour", "deviation_30min", "deviation_4h", "usual_error", "lead", "day_highest", "day_lowest", "trend_hour", "trend_4h", "straight_hour", "straight_4h", "regularity",
    ];

    /// <summary>Fills the inputs of a metric whose base is computed.</summary>
    /// <param name="view">The window.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="forecast">Its base.</param>
    /// <param name="anomaly">[E] asinh anomaly of the newest E steps.</param>
    /// <param name="past">[E, n]: the first n inputs of the past.</param>
    /// <param name="future">[D, n]: the first n inputs of the next D leads.</param>
    /// <param name="leads">D.</param>
    public static void Fill(WindowView view, int metric, BaseForecast forecast, Span<float> anomaly, Span<float> past, Span<float> future, int leads = Protocol.Horizon)
    {
        FillPast(view, metric, view.Tables.Metrics[metric], anomaly, past);
        var width = future.Length / leads;
        Span<float> row = stackalloc float[Future];
        var inputs = new FutureInputs(view, metric, forecast);
        for (var lead = 0; lead < leads; lead++)
        {
            inputs.Row(lead, row);
            row[..width].CopyTo(future.Slice(lead * width, width));
        }
    }

    private static void FillPast(WindowView view, int metric, SeriesTables table, Span<float> anomaly, Span<float> past)
    {
        var encoder = anomaly.Length;
        view.SoftAnomalies(metric)[^encoder..].CopyTo(anomaly);
        var values = view.Values(metric)[^encoder..];
        var cross = view.Cross(metric)[^encoder..];
        var stress = view.Stress[^encoder..];
        var level = 1 / table.Deviation;
        var width = past.Length / encoder;
        Span<float> row = stackalloc float[Past];
        for (var i = 0; i < encoder; i++)
        {
            var slot = (view.OriginSlot + 1 - encoder + i + Protocol.Day) % Protocol.Day;
            row[0] = Level((values[i] - table.Mean) * level);
            row[1] = Level((table.Profile.Location[slot] - table.Mean) * level);
            row[2] = cross[i];
            row[3] = stress[i];
            row[..width].CopyTo(past.Slice(i * width, width));
        }
    }

    /// <summary>A level in deviations, as far as it is looked at.</summary>
    public static float Level(float v) => Math.Clamp(v, -LevelCap, LevelCap);
}
