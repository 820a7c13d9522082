using System.Diagnostics;
using StackExchange.Redis;
using Tft.Inference.Journal;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Journal;

[Trait("Ring", "component")]
public sealed class RedisJournalTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.InitializeAsync();

    public Task DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task Open_AfterAppendsAndSnapshots_HasThemAll()
    {
        _redis.Require();
        SortedDictionary<string, string> before;
        await using (var rig = await JournalRig.RedisAsync(_redis))
        {
            for (var i = 0u; i < 600; i += 3)
                await rig.FeedAsync(i, i, "a", "b", "c", "名前");
            await rig.SnapshotAsync();
            for (var i = 600u; i < 900; i += 3)
                await rig.FeedAsync(i, i, "a", "b", "new");
            before = rig.Dump();
        }

        await using var again = await JournalRig.RedisAsync(_redis);

        Assert.Equal(5, before.Count);
        Assert.Equal(before, again.Dump());
        Assert.Equal(2, (await again.FeedAsync(897, 1, "a", "new")).Duplicates);
    }

    [Fact]
    public async Task Append_RedisKilledAndRestarted_RefusesMeanwhileAndLosesNothingAcknowledged()
    {
        _redis.Require();
        SortedDictionary<string, string> before;
        await using (var rig = await JournalRig.RedisAsync(_redis))
        {
            await rig.FeedAsync(0, 1, "a", "b");
            before = rig.Dump();
            await _redis.WrittenAsync();
            _redis.Kill();
            await Assert.ThrowsAsync<JournalUnavailableException>(() => rig.FeedAsync(1, 2, "a", "c"));
            Assert.Equal(before, rig.Dump());
            Assert.False(rig.Journal.IsUsable);

            await _redis.StartAsync();
            await FeedUntilTakenAsync(rig, 2, 3, "a", "d");
            before = rig.Dump();
        }

        await using var again = await JournalRig.RedisAsync(_redis);
        Assert.Equal(["a", "b", "d"], before.Keys);
        Assert.Equal(before, again.Dump());
    }

    [Fact]
    public async Task Append_RedisStoppedAndContinued_WhatLandedLateIsNeitherLostNorDoubled()
    {
        _redis.Require();
        SortedDictionary<string, string> before;
        await using (var rig = await JournalRig.RedisAsync(_redis, timeout: TimeSpan.FromSeconds(1)))
        {
            await FeedUntilTakenAsync(rig, 0, 1, "a");
            await SignalAsync("STOP");
            // the command lies in the socket of the stopped server and is executed when it goes on
            await Assert.ThrowsAsync<JournalUnavailableException>(() => rig.FeedAsync(10, 2, "a", "phantom"));
            Assert.DoesNotContain("phantom", rig.Dump().Keys);
            await SignalAsync("CONT");

            await FeedUntilTakenAsync(rig, 20, 3, "a");
            // the sender's retry of what was refused
            var retry = await rig.FeedAsync(10, 2, "a", "phantom");
            Assert.Equal(2, retry.Accepted + retry.Duplicates);
            before = rig.Dump();
        }

        await using var again = await JournalRig.RedisAsync(_redis);
        Assert.Equal(["a", "phantom"], before.Keys);
        Assert.Equal(before, again.Dump());
    }

    [Fact]
    public async Task Repair_RedisCameBackEmpty_AsksForSnapshotsOfTheLiveWindows()
    {
        _redis.Require();
        SortedDictionary<string, string> before;
        await using (var rig = await JournalRig.RedisAsync(_redis))
        {
            await rig.FeedAsync(0, 1, "a", "b");
            using (var admin = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString))
                await admin.GetDatabase().ExecuteAsync("FLUSHALL");
            await _redis.WrittenAsync();
            _redis.Kill();
            await Assert.ThrowsAsync<JournalUnavailableException>(() => rig.FeedAsync(1, 2, "a"));
            await _redis.StartAsync();
            await FeedUntilTakenAsync(rig, 2, 3, "a");
            Assert.True(rig.Journal.WantsSnapshot);

            await rig.SnapshotAsync();
            Assert.False(rig.Journal.WantsSnapshot);
            before = rig.Dump();
        }

        await using var again = await JournalRig.RedisAsync(_redis);
        Assert.Equal(before, again.Dump());
    }

    [Fact]
    public async Task Append_TwoWritersOnOneRedis_NeitherOverwritesTheOther()
    {
        _redis.Require();
        await using var first = await JournalRig.RedisAsync(_redis);
        await using var second = await JournalRig.RedisAsync(_redis);
        for (var i = 0u; i < 20; i++)
        {
            await FeedUntilTakenAsync(first, i * 2, i, "a");
            await FeedUntilTakenAsync(second, (i * 2) + 1, i, "a");
        }

        await using var third = await JournalRig.RedisAsync(_redis);
        // all 40 seconds are there, whoever wrote them
        for (var i = 0u; i < 40; i++)
            Assert.Equal(1, (await third.FeedAsync(i, 1, "a")).Duplicates);
    }

    [Fact]
    public async Task Trim_AfterASnapshot_ShortensTheStreams()
    {
        _redis.Require();
        await using var rig = await JournalRig.RedisAsync(_redis);
        for (var i = 0u; i < 500; i++)
            await rig.FeedAsync(i, i, "a");
        using var admin = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        var key = Inference.Journal.Redis.RedisKeys.Log(Partitions.Of("a"u8));
        var before = (long)await admin.GetDatabase().ExecuteAsync("XLEN", (RedisKey)key);

        await rig.SnapshotAsync();

        var after = (long)await admin.GetDatabase().ExecuteAsync("XLEN", (RedisKey)key);
        Assert.True(before >= 500 && after < 200, $"{before} -> {after}");
    }

    private static async Task FeedUntilTakenAsync(JournalRig rig, uint second, float cpu, params string[] names) =>
        await Eventually.True(
            async () =>
            {
                try
                {
                    await rig.FeedAsync(second, cpu, names);
                    return true;
                }
                catch (JournalUnavailableException)
                {
                    return false;
                }
            },
            "the journal is usable again",
            Eventually.Long);

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_redis.ProcessId}"]);
        await kill.WaitForExitAsync().DefaultTimeout();
    }
}
