using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tft.ServiceDefaults;
using Tft.ServiceDefaults.Clients;
using Tft.Tests.Infrastructure;
using Tft.Tests.Infrastructure.Otlp;

namespace Tft.Tests.ServiceDefaults;

[Trait("Ring", "service")]
[Collection(nameof(TelemetryTests))]
public sealed class TelemetryTests : IAsyncLifetime
{
    private readonly List<WebApplication> _apps = [];
    private OtlpCollector _collector = null!;

    public async Task InitializeAsync() => _collector = await OtlpCollector.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var app in _apps) await app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task Request_ThroughTwoServices_IsOneTraceWithRoutesAndStatus()
    {
        var inference = await StartAsync("inference", app => app.MapGet("/predict/{server}", (string server) => server));
        var front = await StartAsync("front", app => app.MapGet("/page/{id}", async (string id, IHttpClientFactory clients) =>
            await clients.CreateClient(InferenceClient.Name).GetStringAsync(new Uri($"predict/{id}", UriKind.Relative))), ("services:inference:http:0", inference));

        Assert.Equal("ppml0001", await GetAsync($"{front}/page/ppml0001"));

        var page = await _collector.SpanAsync("GET /page/{id}");
        var predict = await _collector.SpanAsync("GET /predict/{server}");
        var call = await _collector.SpanAsync(s => s.SpanId == predict.ParentId, "the client's span");
        Assert.Equal(page.TraceId, predict.TraceId);
        Assert.Equal((SpanKind.Client, SpanKind.Server), (call.Kind, predict.Kind));
        Assert.True(call.IsChildOf(page));
        Assert.Equal("/predict/{server}", predict.Attributes["http.route"]);
        Assert.Equal(200L, predict.Attributes["http.response.status_code"]);
        Assert.Equal("GET", predict.Attributes["http.request.method"]);
        Assert.Equal($"{inference}/predict/ppml0001", call.Attributes["url.full"]);
    }

    [Fact]
    public async Task Request_Throws_SpanIsAnErrorWithTheExceptionsType()
    {
        var url = await StartAsync("inference", app => app.MapGet("/boom", string () => throw new InvalidOperationException("no")));

        Assert.Equal(HttpStatusCode.InternalServerError, await StatusAsync($"{url}/boom"));

        var span = await _collector.SpanAsync("GET /boom");
        Assert.True(span.IsError);
        Assert.Equal("System.InvalidOperationException", span.Attributes["error.type"]);
        Assert.Equal(500L, span.Attributes["http.response.status_code"]);
    }

    [Fact]
    public async Task Request_UnknownPath_IsNamedByItsMethodAlone()
    {
        var url = await StartAsync("inference", app => { });

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"{url}/secret/12345"));

        var span = await _collector.SpanAsync(s => s.Attributes.GetValueOrDefault("url.path") is "/secret/12345", "the request's span");
        Assert.Equal("GET", span.Name);
        Assert.False(span.IsError);
        Assert.Equal(404L, span.Attributes["http.response.status_code"]);
    }

    [Fact]
    public async Task Health_Probed_LeavesNoTrace()
    {
        var url = await StartAsync("inference", app => app.MapGet("/seen", () => "yes"));

        await GetAsync($"{url}/health");
        await GetAsync($"{url}/alive");
        await GetAsync($"{url}/seen");

        await _collector.SpanAsync("GET /seen");
        Assert.DoesNotContain(_collector.Spans, s => s.Kind == SpanKind.Server && s.Attributes.GetValueOrDefault("url.path") is "/health" or "/alive");
    }

    [Fact]
    public async Task OwnSourcesMetersAndLogs_AreExportedUnderTheServicesName()
    {
        using var source = new ActivitySource("Tft.TelemetryTests");
        using var meter = new Meter("tft.telemetry-tests");
        var counter = meter.CreateCounter<long>("tft.test.records", "{record}");
        await StartAsync("inference", app => { }, ("OTEL_SERVICE_NAME", "renamed"), ("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=abcdefgh"));
        counter.Add(7, new KeyValuePair<string, object?>("source", "host"));
        var log = _apps[0].Services.GetRequiredService<ILoggerFactory>().CreateLogger("Tft.Own");

        using (var activity = source.StartActivity("forecast.run"))
        {
            activity!.AddLink(new ActivityLink(new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded)));
            log.LogWarning("ran {Servers} servers", 20);
        }

        var span = await _collector.SpanAsync("forecast.run");
        Assert.Equal("renamed", span.Resource.Service);
        Assert.Equal("abcdefgh", span.Resource.Attributes["service.instance.id"]);
        Assert.Single(span.Links);
        await Eventually.True(() => _collector.Logs.Any(l => l.Text == "ran 20 servers"));
        var line = _collector.Logs.First(l => l.Text == "ran 20 servers");
        Assert.Equal((span.TraceId, span.SpanId, "Tft.Own"), (line.TraceId, line.SpanId, line.Category));
        await Eventually.True(() => _collector.Metrics.Any(m => m.Name == "tft.test.records"));
        var point = _collector.Metrics.First(m => m.Name == "tft.test.records");
        Assert.Equal((7d, "{record}", "host"), (point.Value, point.Unit, point.Attributes["source"]));
        await Eventually.True(() => _collector.Metrics.Any(m => m.Name == "dotnet.gc.collections"));
    }

    [Fact]
    public async Task Exporter_OverGrpc_SendsTheSame()
    {
        using var source = new ActivitySource("Tft.TelemetryTests");
        await StartAsync("inference", app => { }, ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.GrpcEndpoint.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"));

        source.StartActivity("over grpc")!.Dispose();

        await _collector.SpanAsync("over grpc");
        await Eventually.True(() => _collector.Metrics.Any(m => m.Name == "dotnet.gc.collections"));
    }

    [Fact]
    public async Task Stop_SpansStillHeld_AreFlushed()
    {
        using var source = new ActivitySource("Tft.TelemetryTests");
        await StartAsync("inference", app => { }, ("OTEL_BSP_SCHEDULE_DELAY", "600000"), ("Tft:Telemetry:FlushTimeout", "00:00:50"));
        source.StartActivity("last words")!.Dispose();

        await _apps[0].StopAsync().DefaultTimeout();

        Assert.Contains(_collector.Spans, s => s.Name == "last words");
    }

    [Fact]
    public async Task Stop_CollectorAway_DoesNotHoldTheServiceBack()
    {
        using var source = new ActivitySource("Tft.TelemetryTests");
        var url = await StartAsync(
            "inference",
            app => app.MapGet("/seen", () => "yes"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{Ports.Free()}"),
            ("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory"),
            ("Tft:Telemetry:FlushTimeout", "00:00:00.1"));
        await GetAsync($"{url}/seen");
        var watch = Stopwatch.StartNew();

        await _apps[0].StopAsync().DefaultTimeout();
        await _apps[0].DisposeAsync().DefaultTimeout();

        // The SDK's own disposal takes 14 s.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }

    [Theory]
    [InlineData("-00:00:01")]
    [InlineData("01:00:00")]
    public async Task Start_FlushTimeoutOutOfRange_IsRefusedByItsName(string timeout)
    {
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("inference", app => { }, ("Tft:Telemetry:FlushTimeout", timeout)));

        Assert.Contains("Tft:Telemetry:FlushTimeout must be between 00:00:00 and 00:10:00", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoEndpointConfigured_SendsNothingAndRuns()
    {
        var url = await StartAsync("inference", app => app.MapGet("/quiet", () => "yes"), ("OTEL_EXPORTER_OTLP_ENDPOINT", ""));

        Assert.Equal("yes", await GetAsync($"{url}/quiet"));
        await _apps[0].StopAsync().DefaultTimeout();

        Assert.Empty(_collector.Spans);
    }

    private async Task<string> StartAsync(string name, Action<WebApplication> map, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(TelemetryTests).Assembly.GetName().Name });
        builder.Configuration.AddInMemoryCollection(_collector.Settings);
        builder.Configuration.AddInMemoryCollection([new("Urls", "http://127.0.0.1:0"), new("Tft:ApiKey", "k"), new("OTEL_SERVICE_NAME", name)]);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value)));
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        builder.AddInferenceClient();
        var app = builder.Build();
        app.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("error")));
        app.MapDefaultEndpoints();
        map(app);
        _apps.Add(app);
        await app.StartAsync().DefaultTimeout();
        return app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    private static async Task<string> GetAsync(string url)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(url)).DefaultTimeout();
    }

    private static async Task<HttpStatusCode> StatusAsync(string url)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(url)).DefaultTimeout();
        return response.StatusCode;
    }
}

/// <summary>Sources and meters are the whole process's: these tests run alone.</summary>
[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
public sealed class TelemetryCollection;
