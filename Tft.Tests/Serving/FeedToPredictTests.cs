using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Serving;

/// <summary>The whole service in process: records in by HTTP, forecasts out by HTTP.</summary>
[Trait("Ring", "service")]
public sealed class FeedToPredictTests : IDisposable
{
    private const int Servers = 20;

    private readonly TempFolder _data = new();
    private readonly WholeService _service;
    private readonly HttpClient _client;

    public FeedToPredictTests()
    {
        _service = new WholeService(_data.Path);
        _client = _service.Client();
    }

    [Fact]
    public async Task Feed_ADayOfTwentyServers_ForecastsAllMetricsOfAll()
    {
        var now = DateTimeOffset.UtcNow;
        for (var part = 0; part < 3; part++)
            await FeedAsync(Day(now).Skip(part * 100).Take(100).SelectMany(rows => rows));

        var page = await Eventually.Value(async () =>
            await GetAsync("/predict") is { } answer && answer.GetProperty("warmup").GetProperty("servers_ready").GetInt32() == Servers
                ? new Page(answer)
                : null);
        Assert.True(page.Json.GetProperty("warmup").GetProperty("is_warmed_up").GetBoolean());
        Assert.Equal(Servers, page.Json.GetProperty("predictions").EnumerateObject().Count());
        foreach (var server in page.Json.GetProperty("predictions").EnumerateObject())
        {
            Assert.Equal(MetricCatalog.Count, server.Value.GetProperty("predictions_8h").EnumerateObject().Count());
            foreach (var metric in server.Value.GetProperty("predictions_8h").EnumerateObject())
            {
                var (p10, p50, p90) = (metric.Value.GetProperty("p10").GetDouble(), metric.Value.GetProperty("p50").GetDouble(), metric.Value.GetProperty("p90").GetDouble());
                Assert.True(p10 <= p50 && p50 <= p90, $"{server.Name} {metric.Name}");
            }
        }

        var leaking = page.Json.GetProperty("predictions").GetProperty("ppml0003");
        Assert.True(leaking.GetProperty("risk_score").GetDouble() > 0);
        Assert.Equal("mem_used_pct", leaking.GetProperty("reasons")[0].GetProperty("metric").GetString());
        var history = (await GetAsync("/history/ppml0003?metric=mem_used_pct")).GetProperty("measured").GetProperty("mem_used_pct");
        Assert.Equal(288, history.GetArrayLength());
        var status = await GetAsync("/status");
        Assert.Equal(3, status.GetProperty("tick_count").GetInt64());
        Assert.Equal("test", status.GetProperty("sources")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Feed_FirstRecord_ShowsTheServerWithinSecondsAsWarmingUp()
    {
        await FeedAsync([Record("ppweb001", DateTimeOffset.UtcNow, 50)]);
        var page = await Eventually.Value(async () =>
            await GetAsync("/predict") is { } answer && answer.GetProperty("predictions").EnumerateObject().Any() ? new Page(answer) : null);
        var server = page.Json.GetProperty("predictions").GetProperty("ppweb001");
        Assert.Equal("warming_up", server.GetProperty("fallback_reason").GetString());
        Assert.Equal("web_api", server.GetProperty("profile").GetString());
        using var current = await _client.GetAsync("/predictions/current");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, current.StatusCode);
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
        _data.Dispose();
    }

    /// <summary>25 hours on the five-minute grid, one batch of all servers a step; memory of ppml0003 climbs.</summary>
    private static IEnumerable<IEnumerable<string>> Day(DateTimeOffset now)
    {
        var last = TimeGrid.StepOf(now);
        for (var step = last - 299; step <= last; step++)
        {
            var time = TimeGrid.StartOf(step);
            var age = (int)(last - step);
            yield return Enumerable.Range(1, Servers).Select(i => Record($"ppml{i:0000}", time, i == 3 ? 94 - (age * 0.1f) : 60));
        }
    }

    private static string Record(string server, DateTimeOffset time, float memory)
    {
        var values = Rows.Calm((int)(TimeGrid.StepOf(time) % 288), memory);
        var text = new StringBuilder(500).Append(CultureInfo.InvariantCulture, $"{{\"timestamp\":\"{time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\",\"server_name\":\"{server}\"");
        foreach (var metric in MetricCatalog.All)
            text.Append(CultureInfo.InvariantCulture, $",\"{metric.Name}\":{values.Get(metric.Id)}");
        return text.Append('}').ToString();
    }

    private async Task FeedAsync(IEnumerable<string> records)
    {
        using var content = new StringContent($"[{string.Join(',', records)}]", Encoding.UTF8, "application/json");
        content.Headers.Add("X-Tft-Source", "test");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/feed") { Content = content };
        using var response = await _client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private Task<JsonElement> GetAsync(string path) => _client.GetFromJsonAsync<JsonElement>(path);

    private sealed record Page(JsonElement Json);
}
