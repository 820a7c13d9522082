using System.Globalization;

namespace Tft.Inference.Risk;

/// <summary>A reason in words: <c>memory reaches 95 % (critical) by p90 in 1 h 25 min</c>.</summary>
internal static class ReasonText
{
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

    private static string Number(float value) => Math.Round((double)value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Lead(int minutes) => minutes < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{minutes} min")
        : minutes % 60 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{minutes / 60} h")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes / 60} h {minutes % 60} min");
}
