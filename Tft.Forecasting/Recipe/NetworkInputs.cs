using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe;

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
        var table = view.Tables.Metrics[metric];
        FillPast(view, metric, table, anomaly, past);
        var width = future.Length / leads;
        Span<float> row = stackalloc float[Future];
        Span<float> constants = stackalloc float[6];
        var state = forecast.State;
        (constants[0], constants[1], constants[2], constants[3], constants[4], constants[5]) =
            (state[0], state[1], state[4], state[5], MathF.Exp(state[3]) - 0.1f, state[2]);
        var features = forecast.Features;
        var level = 1 / table.Deviation;
        var unit = 1 / view.Scale(metric);
        var values = view.Values(metric);
        var (highest, lowest) = (values[0], values[0]);
        foreach (var value in values)
            (highest, lowest) = (Math.Max(highest, value), Math.Min(lowest, value));
        var hour = TrendLine.Of(view.Anomalies(metric)[^12..]);
        var long4 = TrendLine.Of(view.Anomalies(metric)[^48..]);
        for (var lead = 0; lead < leads; lead++)
        {
            var slot = view.SlotAhead(lead);
            var expected = forecast.Anomaly[lead];
            row[0] = MathF.Asinh(expected);
            row[1] = MathF.Asinh(features.Leads[2][lead] - expected);
            row[2] = MathF.Asinh(forecast.Squares[lead] - expected);
            row[3] = Level((features.Location[lead] - table.Mean) * level);
            row[4] = MathF.Asinh(features.Leads[0][lead]);
            row[5] = MathF.Asinh(features.Leads[1][lead]);
            row[6] = MathF.Log(features.Spread[lead]);
            row[7] = MathF.Asinh(DayProfile.At(table.Profile.Low, slot) * unit);
            row[8] = MathF.Asinh(DayProfile.At(table.Profile.High, slot) * unit);
            constants.CopyTo(row[9..]);
            row[15] = forecast.LogUnit[lead];
            row[16] = (2 * MathF.Log(lead + 1) / MathF.Log(Protocol.Horizon)) - 1;
            // a job that fills a machine, a disk that was cleaned: what a metric was between in a day says where it stops
            row[17] = MathF.Asinh(((highest - features.Location[lead]) * unit) - expected);
            row[18] = MathF.Asinh(((lowest - features.Location[lead]) * unit) - expected);
            row[19] = MathF.Asinh((hour.At(lead) - expected) / forecast.Unit[lead]);
            row[20] = MathF.Asinh((long4.At(lead) - expected) / forecast.Unit[lead]);
            row[21] = hour.Straightness;
            row[22] = long4.Straightness;
            row[23] = (2 * forecast.Regularity) - 1;
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

    private static float Level(float v) => Math.Clamp(v, -LevelCap, LevelCap);
}
