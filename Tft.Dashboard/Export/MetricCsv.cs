using Tft.Contract.Messages;
using Tft.Contract.Metrics;

namespace Tft.Dashboard.Export;

/// <summary>The metrics as rows, one for each profile that has thresholds of its own: name, label, unit, range, thresholds and what they are multiples of.</summary>
internal static class MetricCsv
{
    public static CsvWriter Of(ThresholdsResponse thresholds)
    {
        var csv = new CsvWriter();
        csv.Text("metric").Text("label").Text("unit").Text("min").Text("max").Text("threshold_of").Text("profile").Text("multiples_of").Text("watch").Text("warning").Text("critical").Text("severity_100").EndRow();
        foreach (var metric in MetricCatalog.All)
        {
            var of = thresholds.Metrics.FirstOrDefault(t => t.Metric == metric.Name);
            Write(csv, metric, of, "", of?.General);
            foreach (var (profile, values) in of?.Profiles ?? new Dictionary<string, ThresholdValues>())
            {
                Write(csv, metric, of, profile, values);
            }
        }

        return csv;
    }

    private static void Write(CsvWriter csv, MetricDefinition metric, RiskThresholds? of, string profile, ThresholdValues? values) => csv
        .Text(metric.Name).Text(metric.Label).Text(metric.Unit).Number(metric.Min).Number(metric.Max >= float.MaxValue ? null : metric.Max)
        .Text(of?.Key).Text(profile).Text(of?.MultiplesOf).Number(values?.Watch).Number(values?.Warning).Number(values?.Critical).Number(values?.Max).EndRow();
}
