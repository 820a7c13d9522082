using Tft.Contract.Servers;
using Tft.Inference.Journal;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Journal;

[Trait("Ring", "component")]
public sealed class EmbeddedJournalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Durability.Process)]
    [InlineData(Durability.Disk)]
    internal async Task Open_AfterAppends_HasThemAll(Durability durability)
    {
        SortedDictionary<string, string> before;
        await using (var rig = await JournalRig.EmbeddedAsync(_folder.Path, durability))
        {
            for (var i = 0u; i < 1_000; i += 10)
                await rig.FeedAsync(i, i, "a", "b", "名前");
            before = rig.Dump();
        }

        await using var again = await JournalRig.EmbeddedAsync(_folder.Path, durability);

        Assert.Equal(3, before.Count);
        Assert.Equal(before, again.Dump());
        Assert.Equal(3, (await again.FeedAsync(990, 1, "a", "b", "名前")).Duplicates);
    }

    [Fact]
    public async Task Open_WhileAnotherHasIt_IsRefused()
    {
        await using var first = await JournalRig.EmbeddedAsync(_folder.Path);

        await Assert.ThrowsAsync<JournalInUseException>(() => JournalRig.EmbeddedAsync(_folder.Path));
    }

    [Fact]
    public async Task Trim_AfterASnapshot_DropsOldSegmentsAndNothingElse()
    {
        SortedDictionary<string, string> before;
        // each start begins a segment
        for (var start = 0u; start < 5; start++)
        {
            await using var rig = await JournalRig.EmbeddedAsync(_folder.Path);
            await rig.FeedAsync(start, start, "a", $"server{start}");
        }

        await using (var rig = await JournalRig.EmbeddedAsync(_folder.Path))
        {
            await rig.SnapshotAsync();
            Assert.Single(Directory.GetFiles(_folder.Path, "*.tft"));
            await rig.FeedAsync(10, 10, "a", "late");
            before = rig.Dump();
        }

        await using var again = await JournalRig.EmbeddedAsync(_folder.Path);
        Assert.Equal(before, again.Dump());
        Assert.Equal(2, (await again.FeedAsync(10, 1, "a", "late")).Duplicates);
        Assert.Equal(1, (await again.FeedAsync(0, 1, "a")).Duplicates);
    }

    [Fact]
    public async Task Append_SegmentFull_BeginsTheNextAndReplaysThemInOrder()
    {
        SortedDictionary<string, string> before;
        await using (var rig = await JournalRig.EmbeddedAsync(_folder.Path, segmentBytes: 500))
        {
            for (var i = 0u; i < 100; i++)
                await rig.FeedAsync(i, i, "a");
            Assert.InRange(Directory.GetFiles(_folder.Path, "*.tft").Length, 10, 60);
            await rig.SnapshotAsync();
            Assert.Single(Directory.GetFiles(_folder.Path, "*.tft"));
            for (var i = 100u; i < 200; i++)
                await rig.FeedAsync(i, i, "a");
            before = rig.Dump();
        }

        await using var again = await JournalRig.EmbeddedAsync(_folder.Path, segmentBytes: 500);
        Assert.Equal(before, again.Dump());
        for (var i = 0u; i < 200; i++)
            Assert.Equal(1, (await again.FeedAsync(i, 1, "a")).Duplicates);
    }

    [Fact]
    public async Task Open_SnapshotNewerThanPartsOfTheLog_AppliesNothingTwice()
    {
        SortedDictionary<string, string> before;
        await using (var rig = await JournalRig.EmbeddedAsync(_folder.Path))
        {
            for (var i = 0u; i < 700; i += 7)
                await rig.FeedAsync(i, i, "a", "b");
            var image = new ImageWriter();
            for (var p = 0; p < Partitions.Count; p++)
            {
                // the log is not trimmed, and goes on between the partitions
                PartitionImage.Write(rig.Windows, p, rig.Committer.Applied, image);
                await rig.Journal.SaveSnapshotAsync(p, image.Written, default);
                await rig.FeedAsync(700 + (uint)p, p, "a", "b");
            }

            before = rig.Dump();
        }

        await using var again = await JournalRig.EmbeddedAsync(_folder.Path);
        Assert.Equal(before, again.Dump());
    }

    [Fact]
    public async Task Commit_ManyWritersAtOnce_EachRecordOnceAndReplayAgrees()
    {
        const int writers = 8;
        const int batches = 200;
        SortedDictionary<string, string> before;
        await using (var rig = await JournalRig.EmbeddedAsync(_folder.Path))
        {
            using var stop = new CancellationTokenSource();
            var reader = Task.Run(() =>
            {
                while (!stop.IsCancellationRequested)
                    AssertConsistent(rig);
            });
            // every record is sent by two writers: one is accepted, one a duplicate
            var results = await Task.WhenAll(Enumerable.Range(0, writers).Select(w => Task.Run(async () =>
            {
                var (accepted, duplicates) = (0, 0);
                for (var i = 0u; i < batches; i++)
                {
                    var result = await rig.FeedAsync(i, 5, $"s{w / 2}a", $"s{w / 2}b", "shared" + (w / 2));
                    accepted += result.Accepted;
                    duplicates += result.Duplicates;
                }

                return (accepted, duplicates);
            }))).DefaultTimeout();
            await stop.CancelAsync();
            await reader.DefaultTimeout();

            Assert.Equal(writers / 2 * batches * 3, results.Sum(r => r.accepted));
            Assert.Equal(writers / 2 * batches * 3, results.Sum(r => r.duplicates));
            before = rig.Dump();
        }

        await using var again = await JournalRig.EmbeddedAsync(_folder.Path);
        Assert.Equal(before, again.Dump());
    }

    private static void AssertConsistent(JournalRig rig)
    {
        var values = new float[288 * 14];
        var states = new ServerState[288];
        for (var server = 0; server < rig.Windows.Count; server++)
        {
            rig.Windows.Read(server, values, states);
            for (var step = 0; step < 288; step++)
                Assert.Equal(float.IsNaN(values[step * 14]), states[step] == ServerState.Missing);
        }
    }
}
