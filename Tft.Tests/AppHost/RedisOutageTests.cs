using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.AppHost;

/// <summary>The journal's server is stopped and started again by the AppHost, behind the same address.</summary>
[Trait("Ring", "distributed")]
public sealed class RedisOutageTests : SystemTests
{
    [Fact]
    public async Task Feed_RedisStoppedAndStarted_RefusesWithRetryAfterAndKeepsWhatItAcknowledged()
    {
        SkipUnless.Program("redis-server");
        var app = await StartAsync(["--Tft:Redis=local", "--Tft:Sources="], default).WaitAsync(Eventually.Long);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("inference").DefaultTimeout();
        using var client = app.CreateHttpClient("inference");
        client.DefaultRequestHeaders.Add("X-API-Key", Key);
        var now = DateTimeOffset.UtcNow;
        await Eventually.True(async () => (await FeedAsync(client, "before", now)).Status == HttpStatusCode.OK, "Redis takes records");

        await CommandAsync(KnownResourceCommands.StopCommand);
        var refused = await FeedAsync(client, "during", now);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.True(refused.HasRetryAfter);
        using (var health = await client.GetAsync("/health").DefaultTimeout())
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);

        await CommandAsync(KnownResourceCommands.StartCommand);
        await Eventually.True(async () => (await FeedAsync(client, "during", now)).Status == HttpStatusCode.OK, "it takes records again by itself");
        await CommandAsync(KnownResourceCommands.StopCommand, "inference");
        await CommandAsync(KnownResourceCommands.StartCommand, "inference");
        await app.ResourceNotifications.WaitForResourceHealthyAsync("inference").DefaultTimeout();

        // what is sent again is known: both were kept, and neither twice
        Assert.Equal((HttpStatusCode.OK, 1), await DuplicatesAsync(client, "before", now));
        Assert.Equal((HttpStatusCode.OK, 1), await DuplicatesAsync(client, "during", now));
    }

    private async Task CommandAsync(string command, string resource = "redis-server") =>
        Assert.True((await App!.ResourceCommands.ExecuteCommandAsync(resource, command).DefaultTimeout()).Success);

    private static async Task<(HttpStatusCode Status, bool HasRetryAfter)> FeedAsync(HttpClient client, string server, DateTimeOffset time)
    {
        using var response = await PostAsync(client, server, time);
        return (response.StatusCode, response.Headers.RetryAfter is not null);
    }

    private static async Task<(HttpStatusCode Status, int Duplicates)> DuplicatesAsync(HttpClient client, string server, DateTimeOffset time)
    {
        using var response = await PostAsync(client, server, time);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>().DefaultTimeout();
        return (response.StatusCode, answer.GetProperty("duplicates").GetInt32());
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string server, DateTimeOffset time) => client.PostAsJsonAsync("/feed", new[]
    {
        new Dictionary<string, object>
        {
            ["timestamp"] = time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["server_name"] = server,
            ["state"] = "healthy",
            ["profile"] = "database",
            ["cpu_user_pct"] = 20.0, ["cpu_sys_pct"] = 5.0, ["cpu_iowait_pct"] = 1.0, ["cpu_idle_pct"] = 74.0, ["java_cpu_pct"] = 0.0,
            ["mem_used_pct"] = 40.0, ["swap_used_pct"] = 0.0, ["disk_usage_pct"] = 50.0, ["net_in_mb_s"] = 1.0, ["net_out_mb_s"] = 1.0,
            ["back_close_wait"] = 0, ["front_close_wait"] = 0, ["load_average"] = 0.5, ["uptime_days"] = 10.0,
        },
    }).DefaultTimeout();
}
