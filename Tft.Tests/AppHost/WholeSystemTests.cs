using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Microsoft.Playwright;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.AppHost;

/// <summary>The whole AppHost with real processes: from the sources' metrics to forecasts and the page that shows them.</summary>
[Trait("Ring", "distributed")]
public sealed class WholeSystemTests : SystemTests
{
    private const int Servers = 20 + 1; // simulated, and this host
    private readonly CancellationTokenSource _deadline = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _deadline.Dispose();
    }

    [Theory]
    [InlineData("none", "embedded")]
    [InlineData("local", "redis")]
    public async Task StartAsync_DefaultSources_ForecastEveryServer(string redis, string journal)
    {
        if (redis == "local")
            SkipUnless.Program("redis-server");
        var app = await StartAsync(redis);
        using var client = app.CreateHttpClient("inference");
        using var withoutKey = await client.GetAsync("/predict", _deadline.Token);
        Assert.Equal(HttpStatusCode.Unauthorized, withoutKey.StatusCode);
        client.DefaultRequestHeaders.Add("X-API-Key", Key);

        var predictions = await Eventually.Value(() => PredictionsAsync(client), Eventually.Long, $"{Servers} servers, each with forecasts");

        Assert.All(predictions, server => AssertBands(server.Name, server.Value.GetProperty("predictions_30m")));
        var status = await client.GetFromJsonAsync<JsonElement>("/status", _deadline.Token);
        Assert.Equal(journal, status.GetProperty("journal").GetProperty("kind").GetString());
        Assert.Equal(["host", "simulator"], status.GetProperty("sources").EnumerateArray().Select(source => source.GetProperty("name").GetString()).Order());
        using var dashboard = app.CreateHttpClient("dashboard");
        await Eventually.True(
            async () => await dashboard.GetStringAsync("/export/servers?format=csv", _deadline.Token) is var csv
                && predictions.All(server => csv.Contains(server.Name, StringComparison.Ordinal)),
            "the dashboard lists every server", Eventually.Long);
    }

    [Fact]
    public async Task FleetPage_InABrowser_HasACellForEachServer()
    {
        var chromium = SkipUnless.Program("chromium");
        var app = await StartAsync("none");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Headless = true,
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync();

        await page.GotoAsync(app.GetEndpoint("dashboard").ToString());

        await Assertions.Expect(page.Locator(".tft-cell")).ToHaveCountAsync(Servers, new() { Timeout = (float)Eventually.Long.TotalMilliseconds });
    }

    private async Task<DistributedApplication> StartAsync(string redis)
    {
        SkipUnless.True(File.Exists("/proc/stat"), "the source `host` reads /proc");
        _deadline.CancelAfter(Eventually.Long);
        var app = await StartAsync([$"--Tft:Redis={redis}"], _deadline.Token);
        foreach (var resource in (string[])["inference", "adapter-simulator", "adapter-host", "dashboard"])
            await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, _deadline.Token);
        return app;
    }

    /// <summary>Null until each of the servers is there and has a forecast.</summary>
    private async Task<List<JsonProperty>?> PredictionsAsync(HttpClient client)
    {
        var answer = await client.GetFromJsonAsync<JsonElement>("/predict", _deadline.Token);
        var servers = answer.GetProperty("predictions").EnumerateObject().ToList();
        return servers.Count == Servers && servers.All(server => server.Value.GetProperty("predictions_30m").EnumerateObject().Any()) ? servers : null;
    }

    private static void AssertBands(string server, JsonElement metrics)
    {
        foreach (var metric in metrics.EnumerateObject())
        {
            var (low, middle, high) = (Value("p10"), Value("p50"), Value("p90"));
            Assert.True(low <= middle && middle <= high, $"{server} {metric.Name}: {low} <= {middle} <= {high}");

            double Value(string quantile) => metric.Value.GetProperty(quantile).GetDouble();
        }
    }
}
