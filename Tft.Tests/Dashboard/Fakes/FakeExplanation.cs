using Tft.Contract.Messages;

namespace Tft.Tests.Dashboard.Fakes;

/// <summary>What a made-up model looked at: every share follows from its place, so that a test knows what it will see.</summary>
internal static class FakeExplanation
{
    private const int Past = 96;
    private const int Ahead = 96;

    public static ExplainResponse Of(string server, DateTimeOffset origin, long snapshot) => new()
    {
        ServerName = server,
        Snapshot = snapshot,
        ModelType = "TFT",
        ModelVersion = "tft_model_20251017_122454",
        Origin = origin,
        HistoryWeights = new Dictionary<string, double> { ["anomaly"] = 0.2, ["level"] = 0.5, ["other_metrics"] = 0.3 },
        KnownWeights = new Dictionary<string, double> { ["base"] = 0.75, ["an_input_of_tomorrow"] = 0.25 },
        StaticWeights = new Dictionary<string, double>(),
        Metrics = new Dictionary<string, MetricExplanation>
        {
            ["cpu_idle_pct"] = new()
            {
                HistoryWeights = new Dictionary<string, double> { ["anomaly"] = 1 },
                KnownWeights = new Dictionary<string, double> { ["yesterday"] = 1 },
                OtherMetrics = new Dictionary<string, double> { ["load_average"] = -0.4, ["mem_used_pct"] = 0.1 },
            },
            ["mem_used_pct"] = new()
            {
                HistoryWeights = new Dictionary<string, double> { ["anomaly"] = 0.9, ["level"] = 0.1 },
                KnownWeights = new Dictionary<string, double> { ["base"] = 1 },
                OtherMetrics = new Dictionary<string, double> { ["load_average"] = 0.2 },
            },
        },
        Attention = new() { DecoderSteps = [6, 12, 96], OverPast = [Row(6), Row(12), Row(96)], PastSteps = Past },
    };

    /// <summary>A tenth on the last measured step, a tenth on the step itself, the rest alike on the past before.</summary>
    private static double[] Row(int lead)
    {
        var row = new double[Past + Ahead];
        row.AsSpan(0, Past - 1).Fill(0.8 / (Past - 1));
        row[Past - 1] = 0.1;
        row[Past + lead - 1] = 0.1;
        return row;
    }
}
