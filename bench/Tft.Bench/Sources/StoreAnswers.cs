using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tft.Tests.Infrastructure;

namespace Tft.Bench.Sources;

/// <summary>A store behind HTTP in the bench's own process, which makes up what it is asked for.</summary>
internal sealed class StoreAnswers : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StoreAnswers(WebApplication app, string url)
    {
        _app = app;
        Url = url;
    }

    public string Url { get; }

    public static async Task<StoreAnswers> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var store = new StoreAnswers(builder.Build(), string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}"));
        store._app.Urls.Add(store.Url);
        store._app.Run(context => answer(context));
        await store._app.StartAsync();
        return store;
    }

    /// <summary>Prometheus: a value of each server at each step.</summary>
    public static async Task PrometheusAsync(HttpContext context, int servers)
    {
        var form = await context.Request.ReadFormAsync();
        long Number(string name) => long.Parse(form[name]!, CultureInfo.InvariantCulture);
        var series = new StringBuilder();
        for (var server = 0; server < servers; server++)
        {
            series.Append(server > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $$"""{"metric":{"instance":"host{{server:D5}}:9100"},"values":[""");
            for (var at = Number("start"); at <= Number("end"); at += Number("step"))
                series.Append(at > Number("start") ? "," : "").Append(CultureInfo.InvariantCulture, $"[{at},\"21.512345678\"]");
            series.Append("]}");
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("""{"status":"success","data":{"resultType":"matrix","result":[""" + series + "]}}");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
