using MongoDB.Bson;
using Tft.Tests.Sources.MongoDb;

namespace Tft.Bench.Sources;

/// <summary>The tests' MongoDB double with a document of each server every five seconds, made when it is asked for.</summary>
internal sealed class MongoAnswers : IAsyncDisposable
{
    private const int Every = 5;

    private readonly MongoDouble _server;
    private readonly int _servers;

    private MongoAnswers(MongoDouble server, int servers)
    {
        _server = server;
        _servers = servers;
        _server.Before = (name, command) => Task.FromResult(name == "find" ? Find(command) : null);
        _server.Data.Collection("tft", "metrics").Indexes.Add(new BsonDocument { { "v", 2 }, { "key", new BsonDocument { { "timestamp", 1 }, { "_id", 1 } } }, { "name", "by_time" } });
    }

    public string Url => $"{_server.Url}tft";

    public static async Task<MongoAnswers> StartAsync(int servers) => new(await MongoDouble.StartAsync(), servers);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private BsonDocument Find(BsonDocument command)
    {
        // What was asked before is of no use, nobody looks at it.
        _server.Commands.Clear();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / Every * Every;
        var (from, until) = (now, now + 1);
        if (command["filter"].AsBsonDocument.TryGetValue("timestamp", out var range))
            (from, until) = ((Seconds(range["$gte"]) + Every - 1) / Every * Every, Math.Min(Seconds(range["$lt"]), until));
        var documents = new List<BsonDocument>();
        for (var t = from; t < until; t += Every)
        {
            for (var s = 0; s < _servers; s++)
                documents.Add(Document(s, t));
        }

        var first = documents.Take(command["batchSize"].ToInt32()).ToList();
        var id = first.Count == documents.Count ? 0 : _server.Cursors.Add(documents, first.Count);
        return new BsonDocument { { "cursor", new BsonDocument { { "firstBatch", new BsonArray(first) }, { "id", id }, { "ns", "tft.metrics" } } }, { "ok", 1.0 } };
    }

    private static long Seconds(BsonValue time) => ((BsonDateTime)time).MillisecondsSinceEpoch / 1000;

    private static BsonDocument Document(int server, long seconds) => new()
    {
        { "_id", (seconds * 100_000) + server },
        { "timestamp", DateTime.UnixEpoch.AddSeconds(seconds) },
        { "hostname", $"host{server:D5}" },
        { "cpu_user_pct", 21.5 },
        { "cpu_sys_pct", 4.2 },
        { "cpu_iowait_pct", 0.9 },
        { "cpu_idle_pct", 73.4 },
        { "java_cpu_pct", 12.5 },
        { "mem_used_pct", 48.1 },
        { "swap_used_pct", 0.5 },
        { "disk_usage_pct", 61.25 },
        { "net_in_mb_s", 12.5 },
        { "net_out_mb_s", 8.3 },
        { "back_close_wait", 3 },
        { "front_close_wait", 2 },
        { "load_average", 1.92 },
        { "uptime_days", 10.5 },
    };
}
