using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tft.Bench.Sources;

/// <summary>Elasticsearch and Prometheus in the bench's own process: answers of the right shape and size, with a row of each server every five seconds.</summary>
internal sealed class StoreAnswers : IAsyncDisposable
{
    private const int Every = 5;

    private readonly WebApplication _app;
    private readonly int _servers;

    private StoreAnswers(WebApplication app, int servers, int port)
    {
        _app = app;
        _servers = servers;
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
    }

    public string Url { get; }

    public static async Task<StoreAnswers> StartAsync(int servers, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var answers = new StoreAnswers(builder.Build(), servers, port);
        answers._app.Urls.Add(answers.Url);
        answers._app.Run(answers.AnswerAsync);
        await answers._app.StartAsync();
        return answers;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>A record of the contract as one JSON line.</summary>
    public static string Document(int server, long seconds, string timeField = "@timestamp") => string.Create(CultureInfo.InvariantCulture,
        $$"""{"{{timeField}}":"{{DateTimeOffset.FromUnixTimeSeconds(seconds):yyyy-MM-ddTHH:mm:ss}}Z","hostname":"host{{server:D5}}","cpu_user_pct":21.5,"cpu_sys_pct":4.2,"cpu_iowait_pct":0.9,"cpu_idle_pct":73.4,"java_cpu_pct":12.5,"mem_used_pct":48.1,"swap_used_pct":0.5,"disk_usage_pct":61.25,"net_in_mb_s":12.5,"net_out_mb_s":8.3,"back_close_wait":3,"front_close_wait":2,"load_average":1.92,"uptime_days":10.5}""");

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        context.Response.ContentType = "application/json";
        if (path.EndsWith("/query_range", StringComparison.Ordinal))
            await PrometheusAsync(context);
        else if (path == "/")
            await context.Response.WriteAsync("""{"version":{"number":"8.17.1"}}""");
        else if (context.Request.Method == "DELETE")
            await context.Response.WriteAsync("""{"succeeded":true}""");
        else if (path.EndsWith("_pit", StringComparison.Ordinal))
            await context.Response.WriteAsync("""{"id":"one"}""");
        else
            await SearchAsync(context);
    }

    private async Task SearchAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var range = body.RootElement.GetProperty("query").GetProperty("bool").GetProperty("filter")[0].GetProperty("range").GetProperty("@timestamp");
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var from = (range.GetProperty("gte").GetDateTimeOffset().ToUnixTimeSeconds() + Every - 1) / Every * Every;
        var until = Math.Min(range.GetProperty("lt").GetDateTimeOffset().ToUnixTimeSeconds(), now);
        var next = body.RootElement.TryGetProperty("search_after", out var after) ? (after[0].GetInt64() / 1000, after[1].GetInt32() + 1) : (from, 0);
        var hits = new StringBuilder();
        var (time, server) = next;
        for (var n = 0; n < 1000; n++, server++)
        {
            if (server == _servers)
                (time, server) = (time + Every, 0);
            if (time >= until)
                break;
            hits.Append(hits.Length > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $$"""{"_index":"metrics","_id":"{{server}}-{{time}}","_source":""").Append(Document(server, time))
                .Append(CultureInfo.InvariantCulture, $",\"sort\":[{time * 1000},{server}]}}");
        }

        await context.Response.WriteAsync("""{"timed_out":false,"_shards":{"failed":0},"hits":{"hits":[""" + hits + "]}}");
    }

    private async Task PrometheusAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        long Number(string name) => long.Parse(form[name]!, CultureInfo.InvariantCulture);
        var series = new StringBuilder();
        for (var server = 0; server < _servers; server++)
        {
            series.Append(server > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $$"""{"metric":{"instance":"host{{server:D5}}:9100"},"values":[""");
            for (var at = Number("start"); at <= Number("end"); at += Number("step"))
                series.Append(at > Number("start") ? "," : "").Append(CultureInfo.InvariantCulture, $"[{at},\"21.512345678\"]");
            series.Append("]}");
        }

        await context.Response.WriteAsync("""{"status":"success","data":{"resultType":"matrix","result":[""" + series + "]}}");
    }
}
