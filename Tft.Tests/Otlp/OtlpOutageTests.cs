using System.Net;
using System.Net.Http.Headers;
using Tft.Tests.Feed;
using Tft.Tests.Infrastructure;
using static Tft.Tests.Otlp.OtlpRequest;

namespace Tft.Tests.Otlp;

/// <summary>Refusals that a collector repeats: 503 and 429, with the time to wait.</summary>
[Trait("Ring", "service")]
public sealed class OtlpOutageTests
{
    [Fact]
    public async Task Export_JournalAway_Is503AndARepeatedPushIsKept()
    {
        SkipUnless.Program("redis-server");
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var feed = new FeedFixture();
        await feed.StartAsync($"--ConnectionStrings:redis={redis.ConnectionString}");
        redis.Kill();
        using (var refused = await PostAsync(feed))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(5), refused.Headers.RetryAfter?.Delta);
            Assert.Equal([0x08, 14, 0x12], (await refused.Content.ReadAsByteArrayAsync())[..3]);
        }

        await redis.StartAsync();
        await Eventually.True(async () => (await PostAsync(feed)).IsSuccessStatusCode, "data points are taken again");
    }

    [Fact]
    public async Task Export_MoreRequestsThanAllowed_Is429WithRetryAfter()
    {
        await using var feed = new FeedFixture();
        await feed.StartAsync("--Tft:Feed:RequestsPerSecond=1");
        await Eventually.True(async () =>
        {
            using var answer = await PostAsync(feed);
            if (answer.StatusCode != HttpStatusCode.TooManyRequests)
                return false;
            Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
            Assert.Equal([0x08, 8, 0x12], (await answer.Content.ReadAsByteArrayAsync())[..3]);
            return true;
        }, "a request is refused");
    }

    private static async Task<HttpResponseMessage> PostAsync(FeedFixture feed)
    {
        using var content = new ByteArrayContent(new OtlpRequest().Host("a").Gauge("system.uptime", At(DateTimeOffset.UtcNow, 1)).Protobuf());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        return await feed.Client.PostAsync("/v1/metrics", content);
    }
}
