using Tft.Inference.Journal;
using Tft.Inference.Journal.Embedded;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Journal;

/// <summary>What a torn tail, a flipped byte, a damaged snapshot and a full disk may cost, and what not.</summary>
[Trait("Ring", "component")]
public sealed class EmbeddedJournalDamageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_TailTornAtAnyByte_CutsItAndKeepsEveryWholeEntry()
    {
        List<long> ends = [];
        await using (var rig = await JournalRig.EmbeddedAsync(_folder.Path))
        {
            for (var i = 0u; i < 4; i++)
            {
                ends.Add(new FileInfo(Directory.GetFiles(_folder.Path, "*.tft").Single()).Length);
                await rig.FeedAsync(i, i, $"server{i}");
            }
        }

        var file = Directory.GetFiles(_folder.Path, "*.tft").Single();
        var whole = await File.ReadAllBytesAsync(file);
        ends.Add(whole.Length);
        for (var cut = 0; cut <= whole.Length; cut++)
        {
            using var folder = new TempFolder();
            await File.WriteAllBytesAsync(folder.File(Path.GetFileName(file)), whole[..cut]);
            var expected = Math.Max(0, ends.FindLastIndex(end => end <= cut));

            await using (var rig = await JournalRig.EmbeddedAsync(folder.Path))
            {
                Assert.Equal(expected, rig.Windows.Count);
                await rig.FeedAsync(100, 1, "after");
            }

            // and what is written after a cut is found again
            await using var again = await JournalRig.EmbeddedAsync(folder.Path);
            Assert.Equal(expected + 1, again.Windows.Count);
        }
    }

    [Fact]
    public async Task Open_TailOfZeros_IsCut()
    {
        await using (var rig = await JournalRig.EmbeddedAsync(_folder.Path))
            await rig.FeedAsync(0, 1, "a");
        await using (var file = File.OpenWrite(Directory.GetFiles(_folder.Path, "*.tft").Single()))
            file.SetLength(file.Length + 5_000);

        await using var again = await JournalRig.EmbeddedAsync(_folder.Path);

        Assert.Equal(1, again.Windows.Count);
    }

    [Fact]
    public async Task Open_OneByteFlippedAnywhere_LosesAtMostItsEntry()
    {
        await using (var rig = await JournalRig.EmbeddedAsync(_folder.Path))
        {
            for (var i = 0u; i < 5; i++)
                await rig.FeedAsync(i, i, $"server{i}");
        }

        var file = Directory.GetFiles(_folder.Path, "*.tft").Single();
        var whole = await File.ReadAllBytesAsync(file);
        for (var at = Segment.HeaderLength; at < whole.Length; at++)
        {
            using var folder = new TempFolder();
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x55;
            await File.WriteAllBytesAsync(folder.File(Path.GetFileName(file)), damaged);

            await using var rig = await JournalRig.EmbeddedAsync(folder.Path);

            Assert.Equal(4, rig.Windows.Count);
        }
    }

    [Fact]
    public async Task Append_DiskFull_RefusesChangesNothingAndRecovers()
    {
        var disk = new Disk { Free = 3_000 };
        SortedDictionary<string, string> before;
        await using (var rig = await JournalRig.EmbeddedAsync(_folder.Path, write: disk.Write))
        {
            var taken = 0u;
            while (true)
            {
                before = rig.Dump();
                try
                {
                    await rig.FeedAsync(taken, taken, "a", "b");
                    taken++;
                }
                catch (JournalUnavailableException e)
                {
                    Assert.Contains("can't write", e.Message);
                    break;
                }
            }

            Assert.Equal(before, rig.Dump());
            Assert.False(rig.Journal.IsUsable);
            await Assert.ThrowsAsync<JournalUnavailableException>(() => rig.FeedAsync(taken, 7, "c"));

            disk.Free = long.MaxValue;
            Assert.Equal(2, (await rig.FeedAsync(taken, taken, "a", "b")).Accepted);
            Assert.True(rig.Journal.IsUsable);
            before = rig.Dump();
        }

        await using var again = await JournalRig.EmbeddedAsync(_folder.Path);
        Assert.Equal(before, again.Dump());
        Assert.DoesNotContain("c", again.Dump().Keys);
    }

    [Fact]
    public async Task Open_DamagedSnapshot_IsPutAsideAndTheLogStillCounts()
    {
        await using (var rig = await JournalRig.EmbeddedAsync(_folder.Path))
        {
            await rig.FeedAsync(0, 1, "a");
            await rig.SnapshotAsync();
            await rig.FeedAsync(1, 1, "b");
        }

        foreach (var path in Directory.GetFiles(_folder.Path, "*.snapshot"))
        {
            var bytes = await File.ReadAllBytesAsync(path);
            bytes[^6] ^= 1;
            await File.WriteAllBytesAsync(path, bytes);
        }

        await using var again = await JournalRig.EmbeddedAsync(_folder.Path);
        Assert.Contains("b", again.Dump().Keys);
        Assert.Equal(64, Directory.GetFiles(_folder.Path, "*.damaged").Length);
    }

    private sealed class Disk
    {
        public long Free { get; set; }

        public void Write(Microsoft.Win32.SafeHandles.SafeFileHandle file, IReadOnlyList<ReadOnlyMemory<byte>> blocks, long offset)
        {
            foreach (var block in blocks)
            {
                // like a real one, it takes what still fits and then fails
                var fits = (int)Math.Min(Free, block.Length);
                RandomAccess.Write(file, block.Span[..fits], offset);
                offset += fits;
                Free -= fits;
                if (fits < block.Length)
                    throw new IOException("No space left on device");
            }
        }
    }
}
