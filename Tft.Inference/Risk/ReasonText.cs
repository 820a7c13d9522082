using System.Globalization;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;

namespace Tft.Inference.Risk;

/// <summary>A reason in words: <c>memory reaches 95 % (critical) by p90 in 1 h 25 min</c>.</summary>
internal static class ReasonText
{
    private static readonly string[] s_sources = ["measured", "p10", "p50", "p90"];

    public static string Of(in Reason reason)
    {
        var metric = RiskMetrics.Get(reason.Metric);
        // CPU is told as use, whatever it was read from; a p10 of idle is a p90 of use.
        var threshold = Number(reason.FromIdle ? 100 - reason.Threshold : reason.Threshold) + metric.Unit;
        if (reason.Source == ReasonSource.Measured)
        {
            var value = Number(reason.FromIdle ? 100 - reason.Value : reason.Value) + metric.Unit;
            return $"{metric.Noun} is at {value} ({reason.Level.Name()} from {threshold})";
        }

        var quantile = reason.Source == ReasonSource.P50 ? "p50" : "p90";
        return $"{metric.Noun} reaches {threshold} ({reason.Level.Name()}) by {quantile} in {Lead(reason.LeadSteps * 5)}";
    }

    /// <summary>The reason as messages carry it.</summary>
    public static RiskReason ToMessage(in Reason reason) => new()
    {
        Metric = MetricCatalog.Get(reason.Wire).Name,
        LeadMinutes = reason.LeadMinutes,
        Quantile = Name(reason.Source),
        Level = reason.Level.Name(),
        Threshold = Math.Round(reason.Threshold, 3),
        Value = Math.Round(reason.Value, 3),
        Text = Of(reason),
    };

    /// <summary>measured, p10, p50 or p90.</summary>
    public static string Name(ReasonSource source) => s_sources[(int)source];

    private static string Number(float value) => Math.Round((double)value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Lead(int minutes) => minutes < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{minutes} min")
        : minutes % 60 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{minutes / 60} h")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes / 60} h {minutes % 60} min");
}
