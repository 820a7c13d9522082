using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Tft.Inference.Security;
using Tft.Tests.Feed;
using Tft.Tests.Infrastructure;
using static Tft.Tests.Otlp.OtlpRequest;

namespace Tft.Tests.Otlp;

/// <summary>POST /v1/metrics of the whole service, behind its real HTTP server.</summary>
[Trait("Ring", "service")]
public sealed class OtlpHttpTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    [Theory]
    [InlineData(Protobuf, true)]
    [InlineData(Protobuf, false)]
    [InlineData(Json, true)]
    public async Task Export_AHost_IsForecastAndTheSourceNamed(string type, bool gzip)
    {
        var host = $"otlp-{type.Length}-{gzip}";
        var request = new OtlpRequest().Host(host).Gauge("system.memory.utilization", At(Now, 0.625, "state", "used"));
        var (status, body, answered) = await PostAsync(type == Json ? request.Json() : request.Protobuf(), type, gzip);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(type, answered);
        Assert.Equal(type == Json ? "{}" : "", Encoding.UTF8.GetString(body));
        var server = await PredictAsync(host);
        Assert.Equal(62.5, server.GetProperty("current").GetProperty("mem_used_pct").GetDouble(), 3);
        Assert.False(server.GetProperty("current").TryGetProperty("cpu_idle_pct", out var cpu) && cpu.ValueKind == JsonValueKind.Number);
        var sources = JsonDocument.Parse(await feed.Client.GetStringAsync("/status")).RootElement.GetProperty("sources");
        Assert.Contains(sources.EnumerateArray(), s => s.GetProperty("name").GetString() == "otel");
    }

    [Fact]
    public async Task Export_SomeRejected_SaysHowManyAndWhyInTheRequestsEncoding()
    {
        var request = new OtlpRequest().Host("partial-1")
            .Gauge("system.memory.utilization", At(Now, 1.5, "state", "used"))
            .Host("partial-2").Gauge("system.uptime", At(Now, 86_400))
            .Host(null).Gauge("system.uptime", At(Now, 1), At(Now, 2));
        var (status, body, _) = await PostAsync(request.Json(), Json);
        Assert.Equal(HttpStatusCode.OK, status);
        var partial = JsonDocument.Parse(body).RootElement.GetProperty("partialSuccess");
        Assert.Equal("3", partial.GetProperty("rejectedDataPoints").GetString());
        Assert.Contains("host.name", partial.GetProperty("errorMessage").GetString());

        (_, body, _) = await PostAsync(new OtlpRequest().Host("partial-3").Gauge("system.memory.utilization", At(Now, 1.5)).Protobuf(), Protobuf);
        Assert.Equal([0x0A, (byte)(body.Length - 2), 0x08, 1, 0x12], body[..5]);
        Assert.Contains("mem_used_pct", Encoding.UTF8.GetString(body));
    }

    [Fact]
    public async Task Export_RunningTotalsTwice_GivesARateAndThePushInBetweenRepeatedDoesNot()
    {
        static OtlpRequest Totals(DateTimeOffset time, double bytes) =>
            new OtlpRequest().Host("totals").Total("system.network.io", new Point(Ns(time), 1, bytes, ["device", "eth0", "direction", "receive"]));
        var first = Now.AddSeconds(-20);
        foreach (var request in new[] { Totals(first, 1e6), Totals(first, 1e6), Totals(first.AddSeconds(10), 31e6) })
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(request.Protobuf(), Protobuf)).Status);
        Assert.Equal(3, (await PredictAsync("totals")).GetProperty("current").GetProperty("net_in_mb_s").GetDouble(), 3);
    }

    [Fact]
    public async Task Export_NothingOfOurs_IsASuccess()
    {
        var (status, body, _) = await PostAsync(new OtlpRequest().Host("nobody").Gauge("http.server.duration", At(Now, 1)).Protobuf(), Protobuf);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty(body);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync([], Protobuf)).Status);
        Assert.Contains("tft_otlp_ignored", await feed.Client.GetStringAsync("/metrics"));
    }

    [Theory]
    [InlineData("0A05", Protobuf, HttpStatusCode.BadRequest, 3)]
    [InlineData("5B5D", Json, HttpStatusCode.BadRequest, 3)]
    [InlineData("0A00", "text/plain", HttpStatusCode.UnsupportedMediaType, 3)]
    public async Task Export_ABadBody_IsAStatusMessage(string hex, string type, HttpStatusCode expected, int code)
    {
        var (status, body, answered) = await PostAsync(Convert.FromHexString(hex), type);
        Assert.Equal(expected, status);
        AssertStatus(body, answered, code);
    }

    [Theory]
    [InlineData(Protobuf)]
    [InlineData(Json)]
    public async Task Export_AKeyThatIsWrongOrOnlyReads_IsAStatusMessage(string type)
    {
        var reader = feed.Keys.Create(KeyScopes.Read).Key;
        foreach (var key in new[] { "wrong", reader })
        {
            var (status, body, answered) = await PostAsync([], type, key: key);
            Assert.Equal(HttpStatusCode.Forbidden, status);
            AssertStatus(body, answered, 7);
        }

        var (none, text, form) = await PostAsync([], type, key: "");
        Assert.Equal(HttpStatusCode.Unauthorized, none);
        AssertStatus(text, form, 16);
    }

    [Fact]
    public async Task Export_UnpackedBeyondTheLimit_Is413()
    {
        var (status, body, answered) = await PostAsync(new byte[11 << 20], Protobuf, gzip: true);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        AssertStatus(body, answered, 3);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync([1, 2, 3], Protobuf, encoding: "gzip")).Status);
    }

    [Fact]
    public async Task Export_TheOpenTelemetrySdksExporter_GetsItsServerForecast()
    {
        using var meter = new Meter("tft.tests.otlp.sdk");
        meter.CreateObservableGauge("system.memory.utilization", () => new Measurement<double>(0.75, new KeyValuePair<string, object?>("state", "used")), "1");
        meter.CreateObservableGauge("system.cpu.load_average.1m", () => 3.5, "{thread}");
        meter.CreateObservableUpDownCounter("system.network.connections", () => new Measurement<long>(4, new KeyValuePair<string, object?>("state", "CLOSE_WAIT")));
        using var provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(r => r.AddAttributes([new("host.name", "sdk-host")]))
            .AddMeter(meter.Name)
            .AddOtlpExporter(options =>
            {
                options.Endpoint = new Uri(feed.Client.BaseAddress!, "/v1/metrics");
                options.Protocol = OtlpExportProtocol.HttpProtobuf;
                options.Headers = $"X-API-Key={FeedFixture.Key},X-Tft-Source=sdk";
            })
            .Build();

        Assert.True(provider.ForceFlush(10_000));
        var current = (await PredictAsync("sdk-host")).GetProperty("current");
        Assert.Equal(75, current.GetProperty("mem_used_pct").GetDouble(), 3);
        Assert.Equal(3.5, current.GetProperty("load_average").GetDouble(), 3);
        Assert.Equal(4, current.GetProperty("back_close_wait").GetDouble());
        var sources = JsonDocument.Parse(await feed.Client.GetStringAsync("/status")).RootElement.GetProperty("sources");
        Assert.Contains(sources.EnumerateArray(), s => s.GetProperty("name").GetString() == "sdk");
    }

    private static void AssertStatus(byte[] body, string? answered, int code)
    {
        if (answered == Json)
        {
            Assert.Equal(code, JsonDocument.Parse(body).RootElement.GetProperty("code").GetInt32());
            Assert.NotEmpty(JsonDocument.Parse(body).RootElement.GetProperty("message").GetString()!);
            return;
        }

        Assert.Equal(Protobuf, answered);
        Assert.Equal([0x08, (byte)code, 0x12], body[..3]);
    }

    private async Task<JsonElement> PredictAsync(string host)
    {
        var page = await Eventually.Value(async () =>
        {
            var answer = JsonDocument.Parse(await feed.Client.GetStringAsync("/predict")).RootElement.GetProperty("predictions");
            return answer.TryGetProperty(host, out var server) ? new Found(server) : null;
        });
        return page.Server;
    }

    private async Task<(HttpStatusCode Status, byte[] Body, string? Type)> PostAsync(byte[] body, string type, bool gzip = false, string? encoding = null, string? key = null)
    {
        using var client = new HttpClient { BaseAddress = feed.Client.BaseAddress, Timeout = Eventually.Timeout };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/metrics") { Content = new ByteArrayContent(gzip ? Gzip(body) : body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (gzip || encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding ?? "gzip");
        if (key != "")
            request.Headers.Add("X-API-Key", key ?? FeedFixture.Key);
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), answer.Content.Headers.ContentType?.MediaType);
    }

    private static byte[] Gzip(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(body);
        return packed.ToArray();
    }

    private sealed record Found(JsonElement Server);
}
