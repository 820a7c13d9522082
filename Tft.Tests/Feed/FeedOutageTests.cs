using System.Net;
using System.Text.Json;
using Tft.Contract.Problems;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Feed;

/// <summary>The journal away, keys over their limit, two processes over one folder, wrong settings.</summary>
[Trait("Ring", "service")]
public sealed class FeedOutageTests
{
    [Fact]
    public async Task Feed_RedisKilledAndRestarted_Is503WithRetryAfterAndGoesOn()
    {
        SkipUnless.Program("redis-server");
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var feed = new FeedFixture();
        await feed.StartAsync($"--ConnectionStrings:redis={redis.ConnectionString}");
        Assert.Equal(200, (await feed.PostAsync($"[{FeedFixture.Record("a")}]")).Status);

        redis.Kill();
        using (var refused = await feed.Client.PostAsync("/feed", new StringContent($"[{FeedFixture.Record("b")}]")))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(5), refused.Headers.RetryAfter?.Delta);
            var problem = JsonDocument.Parse(await refused.Content.ReadAsByteArrayAsync()).RootElement;
            Assert.Equal(ProblemCodes.JournalUnavailable, problem.GetProperty("code").GetString());
            Assert.StartsWith("The journal (redis) ", problem.GetProperty("detail").GetString());
        }

        using (var health = await feed.Client.GetAsync("/health"))
        {
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
            var body = JsonDocument.Parse(await health.Content.ReadAsByteArrayAsync()).RootElement;
            Assert.Equal(("degraded", "degraded"), (body.GetProperty("status").GetString(), body.GetProperty("checks").GetProperty("journal").GetString()));
        }

        using (var get = await feed.Client.GetAsync("/predict"))
            Assert.Equal(HttpStatusCode.OK, get.StatusCode);

        await redis.StartAsync();
        await Eventually.True(async () => (await feed.PostAsync($"[{FeedFixture.Record("c")}]")).Status == 200, "records are taken again");
        await Eventually.True(async () => (await feed.Client.GetStringAsync("/health")).Contains("\"journal\":\"healthy\""), "the journal is healthy");
    }

    [Fact]
    public async Task Start_RedisAway_ServesDegradedAndTakesRecordsWhenItComes()
    {
        SkipUnless.Program("redis-server");
        await using var redis = new RedisServer();
        await redis.StartAsync();
        redis.Kill();
        await using var feed = new FeedFixture();
        // healthy enough to be waited for: /health answers 200 once Redis was found to be away
        await feed.StartAsync($"--ConnectionStrings:redis={redis.ConnectionString}");
        var (status, problem) = await feed.PostAsync($"[{FeedFixture.Record("a")}]");
        Assert.Equal((503, ProblemCodes.JournalUnavailable), (status, problem.GetProperty("code").GetString()));
        Assert.Contains("does not answer", problem.GetProperty("detail").GetString());

        await redis.StartAsync();
        await Eventually.True(async () => (await feed.PostAsync($"[{FeedFixture.Record("c")}]")).Status == 200, "records are taken");
    }

    [Fact]
    public async Task Feed_DiskFull_Is503AndEveryAcknowledgedRecordSurvivesAKill()
    {
        using var folder = new TempFolder();
        using var disk = await SmallDisk.MountAsync(folder.Path, kilobytes: 4_096);
        await File.WriteAllBytesAsync(folder.File("filler"), new byte[3 << 20]);
        List<string> acknowledged = [];
        using (var inference = await InferenceProcess.StartAsync(folder))
        {
            HttpStatusCode status;
            var batch = 0;
            do
            {
                var body = Batch(batch++);
                using var answer = await inference.FeedAsync(body);
                status = answer.StatusCode;
                if (status == HttpStatusCode.OK)
                    acknowledged.Add(body);
                else
                    Assert.NotNull(answer.Headers.RetryAfter);
            }
            while (status == HttpStatusCode.OK && batch < 2_000);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);

            File.Delete(folder.File("filler"));
            using (var answer = await inference.FeedAsync(Batch(batch)))
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            acknowledged.Add(Batch(batch));
            inference.Kill();
        }

        using var again = await InferenceProcess.StartAsync(folder);
        foreach (var body in acknowledged)
        {
            using var answer = await again.FeedAsync(body);
            Assert.Contains("\"accepted\":0,\"duplicates\":100,", await answer.Content.ReadAsStringAsync());
        }
    }

    private static readonly DateTimeOffset s_start = DateTimeOffset.UtcNow.AddHours(-1);

    /// <summary>A hundred servers of their own for each batch, so that all stay within what is remembered.</summary>
    private static string Batch(int batch) =>
        $"[{string.Join(',', Enumerable.Range(0, 100).Select(i => FeedFixture.Record($"server-{batch % 5}-{i}", time: s_start.AddSeconds(batch / 5).ToString("yyyy-MM-ddTHH:mm:ssZ"))))}]";

    [Fact]
    public async Task Feed_BeyondTheLimitOfItsKey_Is429WithRetryAfter()
    {
        await using var feed = new FeedFixture();
        await feed.StartAsync("--Tft:Feed:RecordsPerSecond=10");
        var body = "[" + string.Join(',', Enumerable.Range(0, 100).Select(i => FeedFixture.Record($"s{i}"))) + "]";
        Assert.Equal(200, (await feed.PostAsync(body)).Status);

        var (status, problem) = await feed.PostAsync(body);

        Assert.Equal((429, ProblemCodes.RateLimited), (status, problem.GetProperty("code").GetString()));
        Assert.InRange(problem.GetProperty("retry_after_s").GetInt32(), 1, 10);
        // another key has its own budget
        var (_, key) = feed.Keys.Create(Inference.Security.KeyScopes.Read);
        feed.Client.DefaultRequestHeaders.Remove("X-API-Key");
        await Eventually.True(async () => (await feed.PostAsync("[]"u8.ToArray(), key: key)).Body.GetProperty("code").GetString() == ProblemCodes.BadScope, "the new key is known, without the scope");
    }

    [Fact]
    public async Task Start_SecondProcessOverTheSameFolder_EndsAndSaysWhy()
    {
        using var folder = new TempFolder();
        using var first = await InferenceProcess.StartAsync(folder);
        using var second = InferenceProcess.Launch(folder);

        await second.ExitAsync();

        Assert.NotEqual(0, second.ExitCode);
        Assert.Contains("Another process uses the journal", second.Output);
        using var answer = await first.FeedAsync($"[{FeedFixture.Record("still")}]");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public void Start_WrongSettings_NamesEveryKey()
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager();
        configuration["Tft:MaxServers"] = "many";
        configuration["Tft:TimeZone"] = "Moon/Base";
        configuration["Tft:Durability"] = "eternal";
        configuration["Tft:SnapshotInterval"] = "0";
        configuration["Tft:Profiles:0:prefix"] = "db";
        configuration["Tft:Profiles:0:profile"] = "databse";

        var failure = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => Inference.Feed.IngestOptions.Read(configuration));

        Assert.Equal(5, failure.Failures.Count());
        foreach (var key in new[] { "Tft:MaxServers", "Tft:TimeZone", "Tft:Durability", "Tft:SnapshotInterval", "Tft:Profiles:0" })
            Assert.Contains(failure.Failures, f => f.StartsWith(key, StringComparison.Ordinal));
    }
}
