using Microsoft.Extensions.Logging;
using MongoDB.Bson;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>What the source reads, on the double and, where TFT_TEST_MONGODB names one, on a real server.</summary>
[Trait("Ring", "component")]
public sealed class MongoSourceTests : MongoTests
{
    [Theory]
    [MemberData(nameof(MongoStore.Kinds), MemberType = typeof(MongoStore))]
    public async Task Poll_TiesAcrossPages_NoneIsSkippedAndNoneComesTwice(string kind)
    {
        await using var store = await MongoStore.OpenAsync(kind);
        await store.AddAsync(Row("first", Now));
        using var rig = Rig(store, backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        await store.AddAsync([.. Enumerable.Range(0, 2500).Select(i => Row($"s{i}", Now))]);

        await rig.PollAsync();

        Assert.Equal(2501, _service.Kept.Count);
        Assert.Equal(0, _service.Duplicates);
    }

    [Theory]
    [MemberData(nameof(MongoStore.Kinds), MemberType = typeof(MongoStore))]
    public async Task Poll_DocumentsOfAnyShape_WhatCanBeReadArrives(string kind)
    {
        await using var store = await MongoStore.OpenAsync(kind);
        var t = Now;
        await store.AddAsync(
            new BsonDocument { { "timestamp", t }, { "server_name", "text" }, { "cpu_user_pct", "12.5" }, { "mem_used_pct", "n/a" }, { "back_close_wait", 7L } },
            new BsonDocument { { "timestamp", t }, { "hostname", "nested" }, { "cpu", new BsonDocument("pct", 33) }, { "mem", new BsonDocument { { "pct", 44.5 }, { "more", new BsonDocument("deep", 1) } } } },
            new BsonDocument { { "timestamp", t }, { "host", new BsonDocument("name", "metricbeat-like") }, { "load_average", 1.5 }, { "swap_used_pct", BsonNull.Value } },
            new BsonDocument { { "timestamp", t }, { "server_name", "odd" }, { "cpu_user_pct", new BsonArray { 1, 2 } }, { "mem_used_pct", true }, { "disk_usage_pct", new BsonDocument("value", 1) }, { "java_cpu_pct", 5 } },
            BsonDocument.Parse("""{"server_name": "exact", "disk_usage_pct": {"$numberDecimal": "61.25"}}""").Set("timestamp", t),
            new BsonDocument { { "timestamp", t }, { "no", "server" }, { "cpu_user_pct", 1 } },
            new BsonDocument { { "server_name", "no time" }, { "cpu_user_pct", 1 } },
            new BsonDocument { { "timestamp", t }, { "server_name", "no metric" } });
        _clock.Advance(TimeSpan.FromSeconds(10));
        using var rig = Rig(store, backfill: 0);

        await rig.PollAsync();

        var records = _service.Kept.ToDictionary(k => k.Key.Server, k => k.Value);
        Assert.Equal(["exact", "metricbeat-like", "nested", "odd", "text"], records.Keys.Order());
        Assert.Equal(12.5, records["text"].GetProperty("cpu_user_pct").GetDouble());
        Assert.Equal(7, records["text"].GetProperty("back_close_wait").GetInt32());
        Assert.False(records["text"].TryGetProperty("mem_used_pct", out _));
        Assert.Equal((33, 44.5), (records["nested"].GetProperty("cpu_user_pct").GetDouble(), records["nested"].GetProperty("mem_used_pct").GetDouble()));
        Assert.Equal(1.5, records["metricbeat-like"].GetProperty("load_average").GetDouble());
        Assert.Equal(5, records["odd"].GetProperty("java_cpu_pct").GetDouble());
        Assert.False(records["odd"].TryGetProperty("cpu_user_pct", out _));
        Assert.Equal(61.25, records["exact"].GetProperty("disk_usage_pct").GetDouble());
    }

    [Theory]
    [MemberData(nameof(MongoStore.Kinds), MemberType = typeof(MongoStore))]
    public async Task Poll_KeysThatHoldDots_AreFetchedWithoutAProjection(string kind)
    {
        await using var store = await MongoStore.OpenAsync(kind);
        await store.AddAsync(new BsonDocument { { "timestamp", Now }, { "host.name", "a" }, { "cpu.pct", 21 } });
        _clock.Advance(TimeSpan.FromSeconds(10));
        using var rig = Rig(store, backfill: 0);

        await rig.PollAsync();

        Assert.Equal(("a", 21), (Assert.Single(_service.Kept).Key.Server, _service.Kept.Values.Single().GetProperty("cpu_user_pct").GetDouble()));
    }

    [Theory]
    [MemberData(nameof(MongoStore.Kinds), MemberType = typeof(MongoStore))]
    public async Task Poll_TimesOfSeveralTypes_AllArriveInOrder(string kind)
    {
        await using var store = await MongoStore.OpenAsync(kind);
        var at = _clock.GetUtcNow();
        BsonValue Time(int i) => (i % 4) switch
        {
            0 => at.AddSeconds(i).UtcDateTime,
            1 => at.AddSeconds(i).ToString("yyyy-MM-dd HH:mm:ss+00:00"),
            2 => at.AddSeconds(i).ToUnixTimeSeconds(),
            _ => (double)at.AddSeconds(i).ToUnixTimeMilliseconds(),
        };
        await store.AddAsync([.. Enumerable.Range(0, 80).Reverse().Select(i => new BsonDocument { { "timestamp", Time(i) }, { "server_name", "a" }, { "cpu_user_pct", i } })]);
        _clock.Advance(TimeSpan.FromSeconds(100));
        using var rig = Rig(store, backfill: 0, configure: o => o.PageSize = 7);

        await rig.PollAsync();

        var sent = _service.Kept.OrderBy(k => k.Key.Time).Select(k => k.Value.GetProperty("cpu_user_pct").GetInt32());
        Assert.Equal(Enumerable.Range(0, 80), sent);
        Assert.Equal(at.AddSeconds(79), rig.Loop.Cursor.Load()!.Time);
    }

    [Theory]
    [MemberData(nameof(MongoStore.Kinds), MemberType = typeof(MongoStore))]
    public async Task Poll_LateEarlyAndRepeatedDocuments_EachIsKeptOnce(string kind)
    {
        await using var store = await MongoStore.OpenAsync(kind);
        _clock.Advance(TimeSpan.FromSeconds(200));
        await store.AddAsync(Row("a", Now), Row("a", Now));
        using var rig = Rig(store, backfill: 0);
        await rig.PollAsync();

        // One that was on its way for 90 s, and one of a machine whose clock is two minutes ahead.
        _clock.Advance(TimeSpan.FromSeconds(61));
        await store.AddAsync(Row("late", Now.AddSeconds(-90)), Row("early", Now.AddMinutes(2)));
        await rig.PollAsync();
        Assert.Equal(["a", "early", "late"], _service.Kept.Keys.Select(k => k.Server).Order());
        Assert.Equal(_clock.GetUtcNow(), rig.Loop.Cursor.Load()!.Time);

        // What comes meanwhile from the others is not passed over.
        _clock.Advance(TimeSpan.FromSeconds(30));
        await store.AddAsync(Row("a", Now.AddSeconds(-1)));
        await rig.PollAsync();
        Assert.Equal(4, _service.Kept.Count);
    }

    [Theory]
    [MemberData(nameof(MongoStore.Kinds), MemberType = typeof(MongoStore))]
    public async Task Poll_IndexMissing_SaysWhichOneToCreateOnce(string kind)
    {
        await using var store = await MongoStore.OpenAsync(kind);
        await store.AddAsync(Row("a", Now));
        using (var rig = Rig(store, backfill: 0))
        {
            await rig.PollAsync();
            _clock.Advance(TimeSpan.FromMinutes(20));
            await rig.PollAsync();
            var (level, text) = Assert.Single(rig.Log.Lines);
            Assert.Equal(LogLevel.Warning, level);
            Assert.Contains("db.getCollection('metrics').createIndex({ 'timestamp': 1, _id: 1 })", text, StringComparison.Ordinal);
        }

        await store.IndexAsync("timestamp");
        using (var rig = Rig(store, backfill: 0))
        {
            await rig.PollAsync();
            Assert.Equal(LogLevel.Information, Assert.Single(rig.Log.Lines).Level);
        }

        await store.IndexAsync("timestamp", "_id");
        using var quiet = Rig(store, backfill: 0);
        await quiet.PollAsync();
        Assert.Empty(quiet.Log.Lines);
    }

    [Theory]
    [MemberData(nameof(MongoStore.Kinds), MemberType = typeof(MongoStore))]
    public async Task Poll_HintAndFilter_AreTheServers(string kind)
    {
        await using var store = await MongoStore.OpenAsync(kind);
        await store.IndexAsync("timestamp", "_id");
        await store.AddAsync(Row("a", Now).Add("env", "prod"), Row("b", Now).Add("env", "test"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var hint in (string[])["timestamp__id", """{"timestamp": 1, "_id": 1}"""])
        {
            using var rig = Rig(store, configure: o => (o.Hint, o.Filter) = (hint, """{"env": "prod"}"""));
            await rig.PollAsync();
            Assert.Equal("a", Assert.Single(_service.Kept).Key.Server);
        }

        using var wrong = Rig(store, configure: o => o.Hint = "nonsense");
        var e = await Assert.ThrowsAsync<Tft.Adapters.Sources.SourceException>(wrong.PollAsync);
        Assert.Contains("hint provided does not correspond to an existing index", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_WhatIsAsked_IsReadingAndOnlyTheMappedFields()
    {
        await using var store = await MongoStore.OpenAsync();
        await store.AddAsync(Row("a", Now).Add("secret", new BsonDocument("card", 4711)));
        store.Double!.Commands.Clear();
        using (var rig = Rig(store))
            await rig.PollAsync();

        var commands = store.Double.Commands.ToArray();
        Assert.Subset(new HashSet<string> { "find", "getMore", "killCursors", "aggregate", "listIndexes", "endSessions" }, commands.Select(c => c.Name).ToHashSet());
        var find = commands.Last(c => c.Name == "find").Body;
        Assert.Equal(["timestamp", "_id"], find["sort"].AsBsonDocument.Names);
        Assert.Contains("mem_used_pct", find["projection"].AsBsonDocument.Names);
        Assert.Contains("host", find["projection"].AsBsonDocument.Names);
        Assert.DoesNotContain("host.name", find["projection"].AsBsonDocument.Names);
        Assert.DoesNotContain("secret", find["projection"].AsBsonDocument.Names);
        Assert.Equal(30_000, find["maxTimeMS"].ToInt32());
    }

    [Fact]
    public async Task Poll_EmptyCollectionThenDocuments_AreReadWhenTheyCome()
    {
        await using var store = await MongoStore.OpenAsync();
        using var rig = Rig(store);
        await rig.PollAsync();
        Assert.Empty(_service.Kept);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await store.AddAsync(Row("a", Now));

        await rig.PollAsync();

        Assert.Single(_service.Kept);
    }

    [Theory]
    [InlineData("", "none of the last 1 documents of tft.metrics has a time at timestamp | @timestamp")]
    [InlineData("server_name", "'server_name' of tft.metrics is 'a': no range can be asked for that")]
    public async Task Poll_NoTimeToSearchBy_SaysWhatToSet(string timeField, string words)
    {
        await using var store = await MongoStore.OpenAsync();
        await store.AddAsync(new BsonDocument { { "when", Now }, { "server_name", "a" } });
        using var rig = Rig(store, backfill: 0, configure: o => o.TimeField = timeField);

        var e = await Assert.ThrowsAsync<Tft.Adapters.Sources.SourceException>(rig.PollAsync);

        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_TimeFieldOfTheirOwn_NestedToo()
    {
        await using var store = await MongoStore.OpenAsync();
        await store.AddAsync(new BsonDocument { { "meta", new BsonDocument("when", Now) }, { "server_name", "a" }, { "cpu_user_pct", 4 } });
        _clock.Advance(TimeSpan.FromMinutes(6));
        using var rig = Rig(store, configure: o => o.TimeField = "meta.when");

        await rig.PollAsync();

        Assert.Equal(4, Assert.Single(_service.Kept).Value.GetProperty("cpu_user_pct").GetDouble());
    }
}
