using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Tft.Tests.Infrastructure.Otlp;

/// <summary>
/// A collector for OTLP on free loopback ports, over HTTP with protobuf and over gRPC: decodes and keeps what it is sent. Two
/// services in one test process hear each other's sources, so each span is kept once, by its id.
/// </summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, CollectedSpan> _spans = new();
    private readonly ConcurrentQueue<CollectedMetric> _metrics = new();
    private readonly ConcurrentQueue<CollectedLog> _logs = new();
    private readonly ConcurrentQueue<byte[]> _requests = new();
    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app) => _app = app;

    public Uri Endpoint => new(Addresses.First());

    public Uri GrpcEndpoint => new(Addresses.Last());

    public IReadOnlyCollection<CollectedSpan> Spans => [.. _spans.Values];

    public IReadOnlyCollection<CollectedMetric> Metrics => [.. _metrics];

    public IReadOnlyCollection<CollectedLog> Logs => [.. _logs];

    /// <summary>Whether this text was sent anywhere, in whatever field: text is not encoded in protobuf.</summary>
    public bool WasSent(string text) => _requests.Any(request => request.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    /// <summary>Settings that make a service send here, soon.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Endpoint.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        ["OTEL_TRACES_SAMPLER"] = "always_on",
    };

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, static grpc => grpc.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var collector = new OtlpCollector(app);
        collector.Map("traces", "trace.v1.TraceService", request =>
        {
            foreach (var span in OtlpDecoder.Spans(request)) collector._spans.TryAdd(span.TraceId + span.SpanId, span);
        });
        collector.Map("metrics", "metrics.v1.MetricsService", request =>
        {
            foreach (var metric in OtlpDecoder.Metrics(request)) collector._metrics.Enqueue(metric);
        });
        collector.Map("logs", "logs.v1.LogsService", request =>
        {
            foreach (var log in OtlpDecoder.Logs(request)) collector._logs.Enqueue(log);
        });
        await app.StartAsync().DefaultTimeout();
        return collector;
    }

    /// <summary>Waits for a span; the failure lists the names that came.</summary>
    public async Task<CollectedSpan> SpanAsync(Func<CollectedSpan, bool> wanted, string what)
    {
        try
        {
            await Eventually.True(() => _spans.Values.Any(wanted), what);
        }
        catch (TimeoutException e)
        {
            var names = string.Join(", ", _spans.Values.GroupBy(s => s.Name).Select(g => $"{g.Key} x{g.Count()}").Order());
            throw new TimeoutException($"{e.Message}; spans that came: {names}", e);
        }

        return _spans.Values.First(wanted);
    }

    public Task<CollectedSpan> SpanAsync(string name) => SpanAsync(s => s.Name == name, $"span {name}");

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private ICollection<string> Addresses => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    private void Map(string signal, string service, Action<ReadOnlyMemory<byte>> keep)
    {
        _app.MapPost($"/v1/{signal}", async context =>
        {
            keep(await ReadAsync(context));
            // An empty message is a full success.
            context.Response.ContentType = "application/x-protobuf";
        });
        _app.MapPost($"/opentelemetry.proto.collector.{service}/Export", async context =>
        {
            // A message has a prefix: one byte for compression, four for its length.
            keep((await ReadAsync(context)).AsMemory(5));
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        });
    }

    private async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _requests.Enqueue(body.ToArray());
        return body.ToArray();
    }
}
