using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tft.Contract.Time;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Feed;

/// <summary>The promise of the journal, against real processes.</summary>
[Trait("Ring", "service")]
public sealed class Kill9Tests : IDisposable
{
    private const int Servers = 20;
    private const int SecondsPerBatch = 12;
    private const int RecordsPerBatch = Servers * SecondsPerBatch;

    /// <summary>240 records each 48 ms: 5,000 a second.</summary>
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(48);

    private readonly TempFolder _folder = new();

    /// <summary>On the grid, so that 90 batches lie within the four buckets whose seconds are remembered.</summary>
    private readonly long _start = TimeGrid.StartSeconds(TimeGrid.StepOf(DateTimeOffset.UtcNow.AddHours(-2)));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill9DuringFeed_AfterRestart_EveryAcknowledgedRecordIsThereOnce_Embedded() => await KillAndCheckAsync();

    [Fact]
    public async Task Kill9DuringFeed_AfterRestart_EveryAcknowledgedRecordIsThereOnce_EmbeddedWithSnapshots() =>
        await KillAndCheckAsync(("Tft__SnapshotInterval", "00:00:01"), ("Tft__Durability", "disk"));

    [Fact]
    public async Task Kill9DuringFeed_AfterRestart_EveryAcknowledgedRecordIsThereOnce_Redis()
    {
        SkipUnless.Program("redis-server");
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await KillAndCheckAsync(("ConnectionStrings__redis", redis.ConnectionString), ("Tft__SnapshotInterval", "00:00:01"));
    }

    private async Task KillAndCheckAsync(params (string, string)[] settings)
    {
        var next = 0;
        for (var kill = 0; kill < 2; kill++)
        {
            using var inference = await InferenceProcess.StartAsync(_folder, settings);
            var acknowledged = next;
            var wanted = next + 40;
            var feeding = FeedUntilItDiesAsync(inference, next, most: wanted + 4, () => Interlocked.Increment(ref acknowledged));
            await Eventually.True(() => Volatile.Read(ref acknowledged) >= wanted, "40 batches are acknowledged");
            inference.Kill();
            next = await feeding.DefaultTimeout();
            Assert.InRange(next, wanted, wanted + 4);
        }

        using var survivor = await InferenceProcess.StartAsync(_folder, settings);
        // the one that was on its way: kept or not, it may be sent again
        var (accepted, duplicates) = await SendAsync(survivor, next);
        Assert.Equal(RecordsPerBatch, accepted + duplicates);
        for (var batch = 0; batch <= next; batch++)
            Assert.Equal((0, RecordsPerBatch), await SendAsync(survivor, batch));

        await AssertMeansAsync(survivor, (next + 1) * SecondsPerBatch);
    }

    /// <summary>Returns the batch that was not acknowledged, at last <paramref name="most"/>, which is not sent.</summary>
    private async Task<int> FeedUntilItDiesAsync(InferenceProcess inference, int batch, int most, Action onAcknowledged)
    {
        using var pace = new PeriodicTimer(s_pace);
        while (batch < most)
        {
            try
            {
                Assert.Equal(RecordsPerBatch, (await SendAsync(inference, batch)) is var (accepted, duplicates) ? accepted + duplicates : 0);
            }
            catch (HttpRequestException)
            {
                return batch;
            }

            batch++;
            onAcknowledged();
            await pace.WaitForNextTickAsync();
        }

        return batch;
    }

    private async Task<(int Accepted, int Duplicates)> SendAsync(InferenceProcess inference, int batch)
    {
        var records =
            from second in Enumerable.Range(batch * SecondsPerBatch, SecondsPerBatch)
            from server in Enumerable.Range(0, Servers)
            select Record(server, second, Value(server, second));
        using var answer = await inference.FeedAsync($"[{string.Join(',', records)}]");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (body.GetProperty("accepted").GetInt32(), body.GetProperty("duplicates").GetInt32());
    }

    /// <summary>A record that is missing or counted twice moves the mean of its bucket.</summary>
    private async Task AssertMeansAsync(InferenceProcess inference, int seconds)
    {
        var closing = string.Join(',', Enumerable.Range(0, Servers).Select(server => Record(server, 3_000, 1)));
        using (var answer = await inference.FeedAsync($"[{closing}]"))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        for (var server = 0; server < Servers; server++)
        {
            var expected = Enumerable.Range(0, seconds).GroupBy(s => s / TimeGrid.StepSeconds).Select(g => g.Average(s => Value(server, s))).ToArray();
            var path = $"/history/kill{server:D2}?metric=cpu_user_pct";
            await Eventually.Passes(async () =>
            {
                var history = await inference.Client.GetFromJsonAsync<JsonElement>(path);
                var means = history.GetProperty("measured").GetProperty("cpu_user_pct").EnumerateArray()
                    .Take(expected.Length).Select(v => v.GetDouble()).ToArray();
                Assert.Equal(expected.Length, means.Length);
                Assert.All(means.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
            });
        }
    }

    private string Record(int server, int second, double cpu) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"timestamp":"{{DateTimeOffset.FromUnixTimeSeconds(_start + second):yyyy-MM-ddTHH:mm:ssZ}}","server_name":"kill{{server:D2}}","cpu_user_pct":{{cpu}}}""");

    private static double Value(int server, int second) => ((server * 31) + (second * 17)) % 1_000 / 10.0;
}
