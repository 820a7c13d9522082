using Tft.Contract.Messages;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Export;

/// <summary>Suggestions and decisions as rows.</summary>
internal static class RemediationCsv
{
    public static CsvWriter Of(RemediationResponse answer)
    {
        var titles = answer.Runbooks.ToDictionary(r => r.Id, r => r.Title);
        var csv = new CsvWriter();
        csv.Text("server").Text("profile").Text("level").Text("risk").Text("metric").Text("lead_minutes").Text("quantile").Text("reasons").Text("runbook").Text("title").Text("alert_state").Text("acknowledged_by").Text("decision").Text("decided_by").EndRow();
        foreach (var each in answer.Suggestions)
        {
            csv.Text(each.Server).Text(each.Profile).Text(each.Level).Number(each.RiskScore).Text(each.Metric).Number(each.LeadMinutes).Text(each.Quantile).Text(string.Join("; ", each.Reasons))
                .Text(each.Runbook).Text(titles.GetValueOrDefault(each.Runbook)).Text(each.AlertState).Text(each.AcknowledgedBy).Text(each.Decision?.Decision).Text(each.Decision?.By).EndRow();
        }

        return csv;
    }

    public static CsvWriter Of(ApprovalsResponse record)
    {
        var csv = new CsvWriter();
        csv.Text("at").Text("by").Text("decision").Text("server").Text("profile").Text("runbook").Text("title").Text("metric").Text("level").Text("lead_minutes").Text("reason").Text("remark").Text("id").EndRow();
        foreach (var each in record.Approvals)
        {
            csv.Text(Format.Iso(each.At)).Text(each.By).Text(each.Decision).Text(each.Server).Text(each.Profile).Text(each.Runbook).Text(each.Title).Text(each.Metric).Text(each.Level)
                .Number(each.LeadMinutes).Text(each.Reason).Text(each.Remark).Text(each.Id).EndRow();
        }

        return csv;
    }
}
