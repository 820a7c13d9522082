using Tft.Inference.Forecasts;
using Tft.Inference.Risk;

namespace Tft.Inference.Alerts;

/// <summary>
/// When an alert fires and when it is over. Counted in snapshots of the server: one for each closed bucket. A rule on what was measured reads a metric's severity, 0 to
/// 100; one on the forecast the probability, 0 to 1, that the metric reaches the level.
/// </summary>
/// <param name="Name">As on the wire.</param>
/// <param name="Level">warning or critical.</param>
/// <param name="Within">Until when the forecast is looked at; null: at what was measured.</param>
/// <param name="Threshold">Reading from which a snapshot counts.</param>
/// <param name="Recovery">Reading below which a snapshot counts as recovered; lower than the threshold, so that a value at the edge does not flap.</param>
/// <param name="Hits">N of the last <paramref name="Of"/> snapshots must count.</param>
/// <param name="Of">M.</param>
/// <param name="Stable">And none of the last k may be below <paramref name="Recovery"/>: a forecast that was not there a snapshot ago is no news yet.</param>
/// <param name="StableOnFallback">The same where the forecast is not the model's; 0: nothing begins on such forecasts.</param>
/// <param name="RecoverAfter">Recovered snapshots in a row that end it.</param>
/// <param name="Hold">It fires at least this long.</param>
internal sealed record AlertRule(
    string Name, RiskLevel Level, ChanceLead? Within, float Threshold, float Recovery, int Hits, int Of, int Stable, int StableOnFallback, int RecoverAfter, TimeSpan Hold)
{
    /// <summary>The most snapshots that are looked back at.</summary>
    public const int MostSnapshots = 31;

    /// <summary>Looks ahead instead of at what was measured.</summary>
    public bool IsForecast => Within is not null;

    public float ReadingOf(ServerRisk risk, RiskMetric metric) =>
        Within is { } within ? risk.Chances.Get(metric, Level, within) : risk.Now.Get(metric);

    /// <summary>
    /// How many snapshots a crossing must have stood; null: it never counts. Where base or yesterday's value took the networks' place because they were the better
    /// forecast, that is no worse a forecast.
    /// </summary>
    public int? StableOn(in ForecastNote note) =>
        !IsForecast || note.FallbackReason is null or FallbackReasons.BetterHere ? Stable : StableOnFallback == 0 ? null : StableOnFallback;
}
