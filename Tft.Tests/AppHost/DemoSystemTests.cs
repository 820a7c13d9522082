using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Tft.Tests.Infrastructure;
using Tft.Tests.Sources.PostgreSql;

namespace Tft.Tests.AppHost;

/// <summary>A demonstration as a person starts it: one setting, an existing server, and forecasts.</summary>
[Trait("Ring", "distributed")]
public sealed class DemoSystemTests : IDisposable
{
    private const string Key = "test-key-of-the-demo";
    private const int Servers = 6;

    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Demo_PostgreSql_TheStoreIsFilledBeforeItsAdapterStartsAndEveryServerIsForecast()
    {
        await using var database = await PostgresServer.StartAsync();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Tft_AppHost>(
        [
            $"--Tft:DataDirectory={_data.Path}", $"--Tft:ApiKey={Key}", "--Tft:Redis=none", "--Tft:Demo=postgresql", $"--Tft:Demo:Servers={Servers}",
            $"--ConnectionStrings:postgresql={database.Connection}",
        ]).DefaultTimeout();
        await using var app = await builder.BuildAsync().DefaultTimeout();
        await app.StartAsync().WaitAsync(Eventually.Long);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("adapter-postgresql").WaitAsync(Eventually.Long);
        using var client = app.CreateHttpClient("inference");
        client.DefaultRequestHeaders.Add("X-API-Key", Key);

        await Eventually.True(async () => (await client.GetFromJsonAsync<JsonElement>("/status")).GetProperty("warmup").GetProperty("servers_ready").GetInt32() == Servers,
            $"{Servers} servers with a day of history", Eventually.Long);
        var predictions = (await client.GetFromJsonAsync<JsonElement>("/predict").DefaultTimeout()).GetProperty("predictions");
        await app.StopAsync().WaitAsync(Eventually.Long);

        Assert.Equal(Servers, predictions.EnumerateObject().Count());
        // A place of its own, not the source's default.
        await database.ExecuteAsync($"SELECT 1 / (count(DISTINCT server_name) = {Servers})::int FROM tft_demo");
        await database.ExecuteAsync("SELECT 1 / (to_regclass('metrics') IS NULL)::int");
    }
}
