using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Tft.Contract.Time;
using Tft.Inference.LongHistory;
using Tft.Inference.Windows;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.LongHistory;

/// <summary>What leaves the windows, and what of it is there after whatever happens.</summary>
[Trait("Ring", "component")]
public sealed class PastStoreTests : IDisposable
{
    private const int Day = TimeGrid.StepsPerDay;
    private readonly TempFolder _folder = new();

    [Fact]
    public void Feed_ThreeWeeksInOrder_KeepsEveryStepThatLeftItsWindow()
    {
        using var rig = new PastRig(_folder.Path, days: 30);
        rig.Feed("ppml0001", 0, 21 * Day);
        rig.Feed("ppdb001", 0, 5 * Day);
        rig.Store.Flush();
        // the open stretch of six hours is still in the window
        AssertKept(rig.Kept("ppml0001", 20 * Day), 0, 20 * Day);
        AssertKept(rig.Kept("ppdb001", 4 * Day), 0, 4 * Day);
        Assert.Equal((2, 0, 0L), (rig.Store.Servers, rig.Store.Waiting, rig.Store.Lost));
    }

    [Fact]
    public void Feed_ACorrectionWithinEighteenHours_IsKeptAndOneThatIsTooOldIsNot()
    {
        using var rig = new PastRig(_folder.Path);
        rig.Feed("ppml0001", 0, 10);
        rig.Feed("ppml0001", 20, 200);
        var late = PastRig.FirstStep + 15;
        Assert.Equal(Verdict.Accepted, rig.Driver.Feed("ppml0001", (uint)TimeGrid.StartSeconds(late), PastRig.At(late)));
        rig.Feed("ppml0001", 200, 3 * Day);
        Assert.Equal(Verdict.TooOld, rig.Driver.Feed("ppml0001", (uint)TimeGrid.StartSeconds(PastRig.FirstStep + 12), 1));
        rig.Store.Flush();
        var kept = rig.Kept("ppml0001", Day);
        Assert.Equal(PastRig.At(late), kept[15]);
        Assert.All(kept[10..15], v => Assert.Equal(float.NaN, v));
    }

    [Fact]
    public void Feed_AJumpOfDays_KeepsWhatTheWindowHeld()
    {
        using var rig = new PastRig(_folder.Path);
        rig.Feed("ppml0001", 0, 300);
        rig.Feed("ppml0001", 5 * Day, (5 * Day) + 300);
        rig.Store.Flush();
        // the last four buckets before the jump were never closed
        AssertKept(rig.Kept("ppml0001", 2 * Day), 0, 296);
    }

    [Fact]
    public void Kill9_BetweenHandOverAndFlush_ReplayHandsOverAgainAndNothingTwice()
    {
        List<byte[]> log;
        long once;
        using (var rig = new PastRig(_folder.Path))
        {
            rig.Feed("ppml0001", 0, 2 * Day);
            rig.Store.Flush();
            rig.Feed("ppml0001", 2 * Day, 3 * Day);
            Assert.True(rig.Store.Waiting > 0);
            log = rig.Driver.Log;
        }

        using (var after = new PastRig(_folder.Path))
        {
            foreach (var entry in log)
                after.Driver.Windows.Apply(entry, []);
            after.Store.Flush();
            AssertKept(after.Kept("ppml0001", 2 * Day), 0, 2 * Day);
            once = after.Store.Bytes;
        }

        using var again = new PastRig(_folder.Path);
        foreach (var entry in log)
            again.Driver.Windows.Apply(entry, []);
        again.Store.Flush();
        Assert.Equal(once, again.Store.Bytes);
        Assert.Equal(once, Files().Sum(f => new FileInfo(f).Length));
    }

    [Fact]
    public void Kill9_InTheMiddleOfAWrite_TheTornTailIsCutAndTheRestStands()
    {
        Fill(3 * Day);
        var last = Files().Last();
        var sound = new FileInfo(last).Length;
        File.AppendAllBytes(last, File.ReadAllBytes(last)[..50]);

        using var after = new PastRig(_folder.Path);
        Assert.Equal(sound, new FileInfo(last).Length);
        AssertKept(after.Kept("ppml0001", 2 * Day), 0, 2 * Day);
        Assert.Equal(0, after.Store.Damaged);
    }

    [Fact]
    public void Open_ADamagedStretch_IsAGapAndTheOthersStand()
    {
        Fill(3 * Day);
        var first = Files().MaxBy(f => new FileInfo(f).Length)!;
        var bytes = File.ReadAllBytes(first);
        bytes[40] ^= 1;
        File.WriteAllBytes(first, bytes);

        using var after = new PastRig(_folder.Path);
        var kept = after.Kept("ppml0001", 2 * Day);
        Assert.InRange(kept.Count(float.IsNaN), 1, 72);
        Assert.True(after.Store.Damaged > 0);
    }

    [Fact]
    public void Read_DamageSinceTheStart_IsAGap()
    {
        using var rig = new PastRig(_folder.Path);
        rig.Feed("ppml0001", 0, 3 * Day);
        rig.Store.Flush();
        var first = Files().First();
        var bytes = File.ReadAllBytes(first);
        bytes[40] ^= 1;
        File.WriteAllBytes(first, bytes);
        Assert.InRange(rig.Kept("ppml0001", 2 * Day).Count(float.IsNaN), 1, 72);
        Assert.True(rig.Store.Damaged > 0);
    }

    [Fact]
    public void Flush_AFullDisk_SaysSoKeepsWhatWaitsAndWritesItLater()
    {
        var full = true;
        using var rig = new PastRig(_folder.Path, write: (file, bytes, offset) =>
        {
            if (!full)
            {
                RandomAccess.Write(file, bytes, offset);
                return;
            }

            RandomAccess.Write(file, bytes[..20], offset);
            throw new IOException("No space left on device");
        });
        rig.Feed("ppml0001", 0, 3 * Day);
        rig.Store.Flush();
        Assert.Contains("No space left on device", rig.Store.Fault);
        var waiting = rig.Store.Waiting;
        Assert.True(waiting > 0);
        Assert.All(Files(), f => Assert.Equal(0, new FileInfo(f).Length));

        full = false;
        rig.Store.Flush();
        Assert.Equal((null, 0), (rig.Store.Fault, rig.Store.Waiting));
        AssertKept(rig.Kept("ppml0001", 2 * Day), 0, 2 * Day);
    }

    [Fact]
    public void Expire_AfterWeeks_DropsWholeDaysAndForgetsThem()
    {
        using var rig = new PastRig(_folder.Path, days: 3);
        rig.Feed("ppml0001", 0, 10 * Day);
        rig.Store.Flush();
        rig.Store.Expire();
        var kept = rig.Kept("ppml0001", 9 * Day);
        Assert.All(kept[..(5 * Day)], v => Assert.Equal(float.NaN, v));
        AssertKept(kept, 6 * Day, 9 * Day);
        Assert.InRange(Directory.GetDirectories(_folder.Path).Length, 3, 5);
        Assert.Equal(rig.Store.Bytes, Files().Sum(f => new FileInfo(f).Length), 20_000.0);
    }

    [Fact]
    public void Expire_NothingNewCame_DeletesNothingWhateverTheClockSays()
    {
        Fill(3 * Day);
        using var after = new PastRig(_folder.Path, days: 3);
        after.Store.Expire();
        AssertKept(after.Kept("ppml0001", 2 * Day), 0, 2 * Day);
    }

    [Fact]
    public void Open_AnotherProcessHasTheFolder_TheServiceGoesOnWithoutHistory()
    {
        using var first = new PastRig(_folder.Path);
        using var second = new PastRig(_folder.Path);
        Assert.Contains("can't be used", second.Store.Fault);
        second.Feed("ppml0001", 0, 3 * Day);
        second.Store.Flush();
        Assert.True(second.Store.Lost > 0);
        Assert.Equal(0, second.Store.Waiting);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("61")]
    [InlineData("a week")]
    public void Options_WrongDays_StopTheStartAndNameTheKey(string days)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Tft:HistoryDays", days)]).Build();
        Assert.Contains("Tft:HistoryDays", Assert.Throws<OptionsValidationException>(() => HistoryOptions.Read(configuration)).Message);
    }

    public void Dispose() => _folder.Dispose();

    private void Fill(int steps)
    {
        using var rig = new PastRig(_folder.Path);
        rig.Feed("ppml0001", 0, steps);
        rig.Store.Flush();
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_folder.Path, "*.tft", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static void AssertKept(float[] kept, int from, int to)
    {
        for (var i = from; i < to; i++)
            Assert.True(kept[i] == PastRig.At(PastRig.FirstStep + i), $"step {i}: {kept[i]} instead of {PastRig.At(PastRig.FirstStep + i)}");
    }
}
