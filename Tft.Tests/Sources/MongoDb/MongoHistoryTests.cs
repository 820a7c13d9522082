using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using Tft.Adapters.Simulation;
using Tft.Contract.Metrics;
using Tft.Contract.Time;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>History as the server's means, on the double and, where TFT_TEST_MONGODB names one, on a real server.</summary>
[Trait("Ring", "component")]
public sealed class MongoHistoryTests : MongoTests
{
    [Theory]
    [InlineData("double", "date")]
    [InlineData("double", "seconds")]
    [InlineData("double", "text")]
    [InlineData("real", "date")]
    [InlineData("real", "seconds")]
    [InlineData("real", "text")]
    public async Task Loop_ADayOfTwentyServers_BackfillsMeansAndGoesOnOverRestarts(string kind, string time)
    {
        await using var store = await MongoStore.OpenAsync(kind);
        await store.IndexAsync("timestamp", "_id");
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var fleet = new SimulatedFleet(new SimulatedFleetOptions { Servers = 20 });
        var rows = await FillAsync(store, fleet, now - (26 * 3600), now + 900, 100, time);
        for (var start = 0; start < 3; start++)
        {
            using var rig = Rig(store);
            await rig.PollAsync();
            _clock.Advance(TimeSpan.FromMinutes(4));
            await rig.PollAsync();
            Assert.DoesNotContain(rig.Log.Lines, l => l.Level > LogLevel.Information);
        }

        var means = _service.Kept.Where(k => k.Key.Time.ToUnixTimeSeconds() < now).ToList();
        Assert.InRange(means.Count, 20 * 290, 20 * 300);
        var readUntil = now + (12 * 60) + 300;
        Assert.Equal(rows.Count(r => r.At >= now && r.At < readUntil), _service.Kept.Count - means.Count);

        // The server's means are those of the rows, its counts the last, its state the worst.
        foreach (var (key, record) in means.Where(m => m.Key.Server == fleet.Servers[7].Name))
        {
            var bucket = rows.Where(r => r.Server == key.Server && TimeGrid.StepOf(r.At) == TimeGrid.StepOf(key.Time)).ToList();
            Assert.Equal(bucket.Average(r => r.Cpu), record.GetProperty("cpu_user_pct").GetDouble(), 0.01);
            Assert.Equal(bucket[^1].Count, record.GetProperty("back_close_wait").GetInt32());
            Assert.Equal(bucket.Count > 1 ? "critical_issue" : "healthy", record.GetProperty("state").GetString());
        }
    }

    [Theory]
    [MemberData(nameof(MongoStore.Kinds), MemberType = typeof(MongoStore))]
    public async Task Backfill_ANewcomerAndValuesThatAreNone_MeansOfWhatIsGood(string kind)
    {
        await using var store = await MongoStore.OpenAsync(kind);
        var bucket = Now;
        _clock.Advance(TimeSpan.FromMinutes(40));
        await store.AddAsync(Row("old", Now));
        using var rig = Rig(store);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await store.AddAsync(
            new BsonDocument { { "timestamp", bucket.AddSeconds(1) }, { "server_name", "new" }, { "cpu_user_pct", 10 }, { "uptime_days", 3 }, { "state", "idle" }, { "profile", "database" } },
            new BsonDocument { { "timestamp", bucket.AddSeconds(2) }, { "server_name", "new" }, { "cpu_user_pct", -999 }, { "uptime_days", 4.5 } },
            new BsonDocument { { "timestamp", bucket.AddSeconds(3) }, { "server_name", "new" }, { "cpu_user_pct", 20L }, { "uptime_days", BsonNull.Value }, { "state", "critical_issue" } },
            Row("new", Now),
            Row("old", Now));

        await rig.PollAsync();

        var mean = _service.Kept.Single(k => k.Key.Server == "new" && k.Key.Time == bucket).Value;
        Assert.Equal((15, 4.5, "critical_issue", "database"), (
            mean.GetProperty("cpu_user_pct").GetDouble(), mean.GetProperty("uptime_days").GetDouble(), mean.GetProperty("state").GetString(), mean.GetProperty("profile").GetString()));
        // The old one's history is not fetched again for the newcomer's sake.
        Assert.Equal(2, _service.Kept.Keys.Count(k => k.Server == "old"));
    }

    [Theory]
    [MemberData(nameof(MongoStore.Kinds), MemberType = typeof(MongoStore))]
    public async Task Backfill_ADocumentThatIsThereTwice_WeighsOnceAndOnlyItsHourIsAskedAgain(string kind)
    {
        await using var store = await MongoStore.OpenAsync(kind);
        var bucket = Now.AddHours(-2);
        BsonDocument At(int seconds, double cpu) => new() { { "timestamp", bucket.AddSeconds(seconds) }, { "server_name", "a" }, { "cpu_user_pct", cpu } };
        await store.AddAsync(At(0, 10), At(0, 10), At(0, 10), At(60, 30), At(3600, 10), At(3660, 20));
        using var rig = Rig(store, backfill: 3);

        await rig.PollAsync();

        var means = _service.Kept.OrderBy(k => k.Key.Time).Select(k => k.Value.GetProperty("cpu_user_pct").GetDouble());
        Assert.Equal([20, 15], means);
        if (store.Double is { } server)
            Assert.Equal(3 + 1, server.Commands.Count(c => c.Name == "aggregate"));
    }

    private static async Task<List<(string Server, long At, float Cpu, int Count)>> FillAsync(MongoStore store, SimulatedFleet fleet, long from, long until, int every, string time)
    {
        var rows = new List<(string Server, long At, float Cpu, int Count)>();
        var documents = new List<BsonDocument>();
        for (var t = from; t < until; t += every)
        {
            foreach (var server in fleet.Servers)
            {
                if (fleet.Sample(server, t) is not { } record || !record.Values.Has(Metric.CpuUser) || !record.Values.Has(Metric.BackCloseWait))
                    continue;
                var at = DateTimeOffset.FromUnixTimeSeconds(t);
                rows.Add((server.Name, t, record.Values.Get(Metric.CpuUser), (int)record.Values.Get(Metric.BackCloseWait)));
                documents.Add(new BsonDocument
                {
                    { "timestamp", time switch { "date" => at.UtcDateTime, "seconds" => t, _ => at.ToString("yyyy-MM-ddTHH:mm:ss.fffZ") } },
                    { "server_name", server.Name },
                    { "cpu_user_pct", (double)rows[^1].Cpu },
                    { "back_close_wait", rows[^1].Count },
                    { "state", t % TimeGrid.StepSeconds < every ? "healthy" : "critical_issue" },
                });
            }
        }

        await store.AddAsync([.. documents]);
        return rows;
    }
}
