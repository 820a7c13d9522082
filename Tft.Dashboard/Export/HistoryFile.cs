using System.Buffers;
using Tft.Dashboard.Charts;
using Tft.Dashboard.History;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Export;

/// <summary>GET /export/history?format=csv|parquet: a range of a server as the service writes it, passed on as it comes; the key stays here.</summary>
internal static class HistoryFile
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    public static async Task<IResult> AnswerAsync(
        InferenceApi api, TimeProvider clock, HttpContext context, string name, string? metric, string? from, string? to, string? lead, string? format)
    {
        var key = BandSeries.Known.Any(k => k.Key == metric) ? metric! : BandSeries.CpuUsed;
        var range = TimeRange.Of(from, to, clock.GetUtcNow()).At(clock.GetUtcNow())!.Value;
        var ask = new HistoryAsk(name, key, HistoryAsk.Leads.Contains(lead) ? lead! : HistoryAsk.Leads[^1], range.From, range.To);
        var kind = format == "parquet" ? "parquet" : "csv";
        try
        {
            var answer = await api.OpenHistoryAsync(ask, kind, context.RequestAborted);
            context.Response.RegisterForDispose(answer);
            var stream = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
            return Results.Stream(stream, kind == "csv" ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet", $"{Plain(name)}-{ask.Wire}.{kind}");
        }
        catch (RefusedException e)
        {
            return Results.Problem(title: Strings.Refused, detail: e.Message, statusCode: (int)e.StatusCode!);
        }
        catch (HttpRequestException)
        {
            return ExportEndpoints.Unavailable();
        }
    }

    /// <summary>What every file system takes as a name.</summary>
    private static string Plain(string name) => string.Concat(name.Take(80).Select(c => s_plain.Contains(c) ? c : '_'));
}
