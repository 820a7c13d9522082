using Tft.Contract.Messages;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Export;

/// <summary>Models and quality as rows.</summary>
internal static class ModelCsv
{
    /// <summary>A row for each model and lead; one for a model without scores.</summary>
    public static CsvWriter Of(ModelsResponse models)
    {
        var csv = new CsvWriter();
        csv.Text("version").Text("active").Text("valid").Text("promoted").Text("reason").Text("created").Text("data").Text("servers").Text("networks").Text("hidden").Text("steps").Text("seed")
            .Text("lead").Text("rel_ql").Text("rel_mae").Text("cover80").Text("width").Text("base_rel_ql").Text("base_cover80").EndRow();
        foreach (var model in models.Models)
        {
            foreach (var (lead, own) in model.Evaluation?.Leads ?? new Dictionary<string, LeadScores> { [""] = new(double.NaN, double.NaN, double.NaN, double.NaN) })
            {
                var other = model.EvaluationBase?.Leads.GetValueOrDefault(lead);
                csv.Text(model.Version).Text(model.Active ? "true" : "false").Text(model.Valid ? "true" : "false").Text(model.Promoted switch { true => "true", false => "false", _ => "" }).Text(model.Reason)
                    .Text(model.Created is { } at ? Format.Iso(at) : "").Text(model.Data).Number(model.Servers).Number(model.Networks).Number(model.Hidden).Number(model.Steps).Number(model.Seed)
                    .Text(lead).Number(own.RelQl).Number(own.RelMae).Number(own.Cover80).Number(own.Width).Number(other?.RelQl).Number(other?.Cover80).EndRow();
            }
        }

        return csv;
    }

    /// <summary>A row for each metric and lead (empty: both), and for each day (metric empty: the one in the middle).</summary>
    public static CsvWriter Of(FleetQualityResponse quality)
    {
        var csv = new CsvWriter();
        csv.Text("metric").Text("lead").Text("day").Text("outcomes").Text("cover80").Text("skill").Text("by_networks").Text("by_networks_little_trusted").Text("by_fallback_better").Text("by_base_or_rules").EndRow();
        foreach (var metric in quality.Metrics)
        {
            Figures(csv.Text(metric.Metric).Text("").Text(""), metric.Quality).Number(metric.Series.Networks).Number(metric.Series.Mixed).Number(metric.Series.FallbackBetter).Number(metric.Series.Rules).EndRow();
            foreach (var (lead, figures) in metric.Leads)
            {
                Figures(csv.Text(metric.Metric).Text(lead).Text(""), figures).Number(null).Number(null).Number(null).Number(null).EndRow();
            }
        }

        foreach (var day in quality.Days)
        {
            Figures(csv.Text("").Text("").Text(Format.Iso(day.Day)), day.Quality).Number(null).Number(null).Number(null).Number(null).EndRow();
        }

        return csv;
    }

    private static CsvWriter Figures(CsvWriter csv, QualityFigures figures) => csv.Number(figures.N).Number(figures.Cover80).Number(figures.Skill);
}
