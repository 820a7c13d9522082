using Tft.Contract.Metrics;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Explain;

/// <summary>The networks' inputs in words. One that is not known here is shown by its name.</summary>
internal static class InputNames
{
    private static readonly Dictionary<string, string> s_words = new(StringComparer.Ordinal)
    {
        ["anomaly"] = "how far from usual it was",
        ["level"] = "its level",
        ["climatology"] = "what is usual at that time of day",
        ["other_metrics"] = "what the other metrics say",
        ["server_stress"] = "how far from usual the whole server was",
        ["base"] = "what the base expects, median",
        ["base_mean"] = "what the base expects, mean",
        ["lag_ridge"] = "how anomalies of the day carry on",
        ["yesterday"] = "the same time yesterday",
        ["yesterday_hour"] = "the hour around it yesterday",
        ["spread"] = "how far values spread at that time",
        ["usual_p10"] = "low end of what is usual then",
        ["usual_p90"] = "high end of what is usual then",
        ["roughness_hour"] = "how rough the last hour was",
        ["roughness_day"] = "how rough the last day was",
        ["anomaly_now"] = "how far from usual it is now",
        ["anomaly_hour"] = "how far from usual the last hour was",
        ["deviation_30min"] = "deviation in the last 30 min",
        ["deviation_4h"] = "deviation in the last 4 h",
        ["usual_error"] = "the base's usual error at that lead",
        ["lead"] = "how far ahead it is",
        ["day_highest"] = "the day's highest value",
        ["day_lowest"] = "the day's lowest value",
        ["trend_hour"] = "a straight line through the last hour",
        ["trend_4h"] = "a straight line through the last 4 h",
        ["straight_hour"] = "how straight the last hour was",
        ["straight_4h"] = "how straight the last 4 h were",
        ["regularity"] = "how likely yesterday comes again",
    };

    public static string Of(string input) => s_words.GetValueOrDefault(input) ?? Strings.Words(input);

    /// <summary>Label of a metric by its name on the wire.</summary>
    public static string Metric(string name) => MetricCatalog.Find(name)?.Label ?? Strings.Words(name);
}
