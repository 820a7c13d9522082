using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Tft.Tests.Adapters;

/// <summary>POST /feed on a real port, with the service's rule of exactly once, and with what can go wrong put in front of it.</summary>
internal sealed class FakeInference : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<(string Server, string Source, DateTimeOffset Time), JsonElement> _kept = new();
    private readonly ConcurrentQueue<Func<HttpContext, JsonElement[], Task<bool>>> _script = new();

    private FakeInference(WebApplication app) => _app = app;

    public ConcurrentQueue<Request> Requests { get; } = new();

    public string Url { get; private set; } = "";

    /// <summary>Records that came a second time.</summary>
    public int Duplicates;

    public IReadOnlyDictionary<(string Server, string Source, DateTimeOffset Time), JsonElement> Kept => _kept;

    public static async Task<FakeInference> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var fake = new FakeInference(app);
        app.MapPost("/feed", fake.FeedAsync);
        await app.StartAsync();
        fake.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return fake;
    }

    /// <summary>The next request is answered by this; true: handled, false: goes on as usual.</summary>
    public void Next(Func<HttpContext, JsonElement[], Task<bool>> answer) => _script.Enqueue(answer);

    public void NextStatus(int status, string code, string? retryAfter = null, object[]? rejected = null) => Next(async (context, _) =>
    {
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { type = "urn:tft:problem:" + code, status, code, detail = "as the test wants", rejected = rejected ?? [] });
        return true;
    });

    /// <summary>The next batch is kept, but its sender never learns of it.</summary>
    public void NextKeptButCut() => Next((context, batch) =>
    {
        Keep(context, batch);
        context.Abort();
        return Task.FromResult(true);
    });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)).ContinueWith(_ => { }, TaskScheduler.Default);
        await _app.DisposeAsync();
    }

    private async Task FeedAsync(HttpContext context)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var batch = document.RootElement.EnumerateArray().Select(e => e.Clone()).ToArray();
        Requests.Enqueue(new Request(batch.Length, context.Request.Headers["X-Tft-Source"].ToString(), context.Request.Headers["X-API-Key"].ToString(), context.Request.Headers.TraceParent.ToString(), DateTimeOffset.UtcNow));
        if (_script.TryDequeue(out var answer) && await answer(context, batch))
            return;
        var accepted = Keep(context, batch);
        await context.Response.WriteAsJsonAsync(new { status = "ok", received = batch.Length, accepted, duplicates = batch.Length - accepted, rejected = Array.Empty<object>(), warmup_progress = 0 });
    }

    private int Keep(HttpContext context, JsonElement[] batch)
    {
        var accepted = 0;
        foreach (var record in batch)
        {
            var key = (record.GetProperty("server_name").GetString()!, context.Request.Headers["X-Tft-Source"].ToString(), record.GetProperty("timestamp").GetDateTimeOffset());
            if (_kept.TryAdd(key, record))
                accepted++;
            else
                Interlocked.Increment(ref Duplicates);
        }

        return accepted;
    }

    internal sealed record Request(int Records, string Source, string Key, string TraceParent, DateTimeOffset At);
}
