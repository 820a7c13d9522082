using Tft.Adapters.Cursors;

namespace Tft.Tests.Adapters;

/// <summary>The loop: what a restart finds.</summary>
[Trait("Ring", "component")]
public sealed class CursorTests : LoopTests
{
    [Fact]
    public async Task Poll_KilledBetweenPushAndCursor_RestartRepeatsAndLosesNothing()
    {
        using (var first = Rig(backfill: 0))
        {
            await first.PollAsync();
            _clock.Advance(TimeSpan.FromSeconds(50));
            for (var i = 49; i >= 0; i--)
                _source.Add("a", Now.AddSeconds(-i));
            var before = File.ReadAllBytes(first.Cursor.Path);
            await first.PollAsync();
            // As if the process had died before the cursor was written.
            await File.WriteAllBytesAsync(first.Cursor.Path, before);
        }

        using var second = Rig(backfill: 0);
        await second.PollAsync();

        Assert.Equal(50, _service.Kept.Count);
        Assert.Equal(50, _service.Duplicates);
    }

    [Fact]
    public async Task Poll_CursorFileDamaged_SaysWhatToDo()
    {
        await File.WriteAllTextAsync(_folder.File("test.cursor.json"), "{\"source\": \"te");
        using var rig = Rig();

        var e = await Assert.ThrowsAsync<CursorException>(() => rig.PollAsync());

        Assert.Contains("test.cursor.json", e.Message, StringComparison.Ordinal);
        Assert.Contains("Delete it", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_CursorOfAnotherSource_IsRefused()
    {
        new CursorFile(_folder.File("test.cursor.json"), "other").Save(new SourceCursor { Source = "other", Time = Now, Floor = Now });
        using var rig = Rig();

        var e = await Assert.ThrowsAsync<CursorException>(() => rig.PollAsync());

        Assert.Contains("'other'", e.Message, StringComparison.Ordinal);
    }
}
