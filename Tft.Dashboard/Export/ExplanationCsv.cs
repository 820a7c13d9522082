using Tft.Contract.Messages;
using Tft.Dashboard.Explain;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Export;

/// <summary>An explanation as rows: kind (past, known, static, other_metric, attention), metric (empty: the mean), name, lead and time of attention, weight.</summary>
internal static class ExplanationCsv
{
    public static CsvWriter Of(ExplainResponse explanation)
    {
        var csv = new CsvWriter();
        csv.Text("server").Text("model").Text("kind").Text("metric").Text("name").Text("lead_minutes").Text("time").Text("weight").EndRow();
        Write(csv, explanation, "past", "", explanation.HistoryWeights);
        Write(csv, explanation, "known", "", explanation.KnownWeights);
        Write(csv, explanation, "static", "", explanation.StaticWeights);
        foreach (var (metric, one) in explanation.Metrics)
        {
            Write(csv, explanation, "past", metric, one.HistoryWeights);
            Write(csv, explanation, "known", metric, one.KnownWeights);
            Write(csv, explanation, "other_metric", metric, one.OtherMetrics);
        }

        foreach (var lead in AttentionProfile.LeadsOf(explanation))
        {
            foreach (var (time, share) in AttentionProfile.Of(explanation, lead, explanation.Origin ?? default)?.Steps ?? [])
            {
                csv.Text(explanation.ServerName).Text(explanation.ModelVersion).Text("attention").Text("").Text("").Number(lead).Text(Format.Iso(time)).Exact(share).EndRow();
            }
        }

        return csv;
    }

    private static void Write(CsvWriter csv, ExplainResponse explanation, string kind, string metric, IReadOnlyDictionary<string, double> weights)
    {
        foreach (var (name, weight) in weights)
        {
            csv.Text(explanation.ServerName).Text(explanation.ModelVersion).Text(kind).Text(metric).Text(name).Number(null).Text("").Exact(weight).EndRow();
        }
    }
}
