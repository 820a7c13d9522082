using Tft.Contract.Messages;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Export;

/// <summary>A row for each server of each group.</summary>
internal static class CascadeCsv
{
    public static CsvWriter Of(CascadesResponse answer)
    {
        var csv = new CsvWriter();
        csv.Text("group").Text("server").Text("profile").Text("rises").Text("forecast").Text("lag_minutes").Text("metric").Text("highest_risk")
            .Text("correlation").Text("shift_minutes").Text("buckets").Text("measured_buckets").Text("depends_on").EndRow();
        foreach (var group in answer.Groups)
        {
            foreach (var member in group.Members)
            {
                csv.Text(group.First).Text(member.Server).Text(member.Profile).Text(Format.Iso(member.Rises)).Text(member.IsForecast ? "true" : "false").Number(member.LagMinutes).Text(member.Metric).Number(member.Risk)
                    .Number(member.Correlation).Number(member.ShiftMinutes).Number(member.Buckets).Number(member.MeasuredBuckets).Text(string.Join(' ', member.DependsOn)).EndRow();
            }
        }

        return csv;
    }
}
