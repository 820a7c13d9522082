using System.Text;
using Tft.Contract.Messages;
using Tft.Dashboard.Charts;
using Tft.Dashboard.Fleet;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Export;

/// <summary>What the pages show, as files: GET /export/servers, /export/server, /export/explanation, /export/models, /export/quality, /export/metrics, /export/suggestions, /export/approvals and /export/cascades, each <c>?format=csv|json</c>, and /export/history (<see cref="HistoryFile"/>) and /export/openapi.</summary>
internal static class ExportEndpoints
{
    public static void MapExport(this IEndpointRouteBuilder app)
    {
        app.MapGet("/export/servers", ServersAsync);
        app.MapGet("/export/server", ServerAsync);
        app.MapGet("/export/explanation", ExplanationAsync);
        app.MapGet("/export/metrics", (InferenceApi api, string? format, CancellationToken stop) =>
            FileAsync(api.GetThresholdsAsync, t => format == "json" ? Results.Json(t, ContractJson.Default.ThresholdsResponse) : Csv(MetricCsv.Of(t), "metrics.csv"), stop));
        app.MapGet("/export/openapi", (InferenceApi api, CancellationToken stop) =>
            FileAsync(api.GetOpenApiAsync, document => Results.File(Encoding.UTF8.GetBytes(document.RootElement.GetRawText()), "application/json", "tft-openapi.json"), stop));
        app.MapGet("/export/suggestions", (InferenceApi api, string? format, CancellationToken stop) =>
            FileAsync(api.GetRemediationAsync, r => format == "json" ? Results.Json(r, ContractJson.Default.RemediationResponse) : Csv(RemediationCsv.Of(r), "suggestions.csv"), stop));
        app.MapGet("/export/approvals", (InferenceApi api, string? format, CancellationToken stop) =>
            FileAsync(api.GetApprovalsAsync, r => format == "json" ? Results.Json(r, ContractJson.Default.ApprovalsResponse) : Csv(RemediationCsv.Of(r), "approvals.csv"), stop));
        app.MapGet("/export/cascades", (InferenceApi api, string? format, CancellationToken stop) =>
            FileAsync(api.GetCascadesAsync, c => format == "json" ? Results.Json(c, ContractJson.Default.CascadesResponse) : Csv(CascadeCsv.Of(c), "cascades.csv"), stop));
        app.MapGet("/export/history", HistoryFile.AnswerAsync);
        app.MapGet("/export/models", (ModelApi api, string? format, CancellationToken stop) =>
            FileAsync(api.GetModelsAsync, m => format == "json" ? Results.Json(m, ContractJson.Default.ModelsResponse) : Csv(ModelCsv.Of(m), "models.csv"), stop));
        app.MapGet("/export/quality", (ModelApi api, string? format, CancellationToken stop) =>
            FileAsync(api.GetQualityAsync, q => format == "json" ? Results.Json(q, ContractJson.Default.FleetQualityResponse) : Csv(ModelCsv.Of(q), "quality.csv"), stop));
    }

    private static async Task<IResult> ServersAsync(FleetStore store, string? format, string? q, string? level, string? profile)
    {
        await store.EnsureFreshAsync(TimeSpan.FromSeconds(10));
        if (store.Current is not { } view)
        {
            return Unavailable();
        }

        var rows = new ServerFilter(q, level, profile).Apply(view.Rows);
        if (format == "json")
        {
            return Results.Json(
                rows.Select(r => new ServerLine(r.Name, r.Profile, r.State, r.Level.Key(), r.Risk, r.CurrentRisk, r.PredictedRisk, r.Prob30m, r.Prob8h, r.Reason, r.IsFallback, r.LastRecordAt)),
                ExportJson.Default.IEnumerableServerLine);
        }

        var csv = new CsvWriter();
        csv.Text("server").Text("profile").Text("state").Text("level").Text("risk").Text("risk_now").Text("risk_forecast").Text("prob_30m").Text("prob_8h")
            .Text("cpu_used_now").Text("cpu_used_8h_p50").Text("cpu_used_8h_p90").Text("mem_used_now").Text("mem_used_8h_p50").Text("mem_used_8h_p90").Text("reason").Text("last_record_at").EndRow();
        foreach (var row in rows)
        {
            var (cpu, memory) = (row.Glances[ServerRow.Cpu], row.Glances[ServerRow.Memory]);
            csv.Text(row.Name).Text(row.Profile).Text(row.State).Text(row.Level.Key()).Number(row.Risk).Number(row.CurrentRisk).Number(row.PredictedRisk).Number(row.Prob30m).Number(row.Prob8h)
                .Number(cpu.Now).Number(cpu.In8h.P50).Number(cpu.In8h.P90).Number(memory.Now).Number(memory.In8h.P50).Number(memory.In8h.P90).Text(row.Reason).Text(Format.Iso(row.LastRecordAt)).EndRow();
        }

        return Csv(csv, "servers.csv");
    }

    private static async Task<IResult> ServerAsync(InferenceApi api, string name, string? format, CancellationToken cancellationToken)
    {
        try
        {
            var forecast = await api.GetServerAsync(name, cancellationToken);
            if (forecast is null)
            {
                return Results.Problem(title: "No server of this name", statusCode: StatusCodes.Status404NotFound);
            }

            if (format == "json")
            {
                return Results.Json(forecast, ContractJson.Default.ServerForecast);
            }

            var history = await api.GetHistoryAsync(name, cancellationToken);
            var csv = new CsvWriter();
            csv.Text("server").Text("metric").Text("time").Text("measured").Text("p10").Text("p50").Text("p90")
                .Text("p10_1h_before").Text("p50_1h_before").Text("p90_1h_before").Text("p10_8h_before").Text("p50_8h_before").Text("p90_8h_before").EndRow();
            var (hour, day) = (BandSeries.AllOf(forecast, history, "1h"), BandSeries.AllOf(forecast, history, "8h"));
            for (var s = 0; s < hour.Count; s++)
            {
                var series = hour[s];
                for (var i = 0; i < series.Measured.Length; i++)
                {
                    csv.Text(name).Text(series.Key).Text(Format.Iso(series.MeasuredAt(i))).Number(series.Measured[i]).Number(null).Number(null).Number(null);
                    Past(csv, series.Before, i);
                    Past(csv, day[s].Before, i);
                    csv.EndRow();
                }

                for (var i = 0; i < series.P50.Length; i++)
                {
                    csv.Text(name).Text(series.Key).Text(Format.Iso(series.ForecastAt(i))).Number(null).Number(series.P10[i]).Number(series.P50[i]).Number(series.P90[i]);
                    Past(csv, null, i);
                    Past(csv, null, i);
                    csv.EndRow();
                }
            }

            return Csv(csv, "server.csv");
        }
        catch (HttpRequestException)
        {
            return Unavailable();
        }
    }

    private static Task<IResult> ExplanationAsync(InferenceApi api, string name, string? format, CancellationToken cancellationToken) => FileAsync(
        stop => api.GetExplanationAsync(name, stop),
        explanation => explanation is null ? Results.Problem(title: "No server of this name", statusCode: StatusCodes.Status404NotFound)
            : format == "json" ? Results.Json(explanation, ContractJson.Default.ExplainResponse)
            : Csv(ExplanationCsv.Of(explanation), "explanation.csv"),
        cancellationToken);

    /// <summary>What the service says as a file; its refusal with its own words.</summary>
    private static async Task<IResult> FileAsync<T>(Func<CancellationToken, Task<T>> ask, Func<T, IResult> file, CancellationToken cancellationToken)
    {
        try
        {
            return file(await ask(cancellationToken));
        }
        catch (RefusedException e)
        {
            return Results.Problem(title: Strings.Refused, detail: e.Message, statusCode: (int)e.StatusCode!);
        }
        catch (HttpRequestException)
        {
            return Unavailable();
        }
    }

    private static void Past(CsvWriter csv, PastBand? before, int i) => csv.Number(before?.P10[i]).Number(before?.P50[i]).Number(before?.P90[i]);

    private static IResult Csv(CsvWriter csv, string name) => Results.File(Encoding.UTF8.GetBytes(csv.ToString()), "text/csv; charset=utf-8", name);

    internal static IResult Unavailable() => Results.Problem(title: Strings.NotConnected, statusCode: StatusCodes.Status503ServiceUnavailable);
}
