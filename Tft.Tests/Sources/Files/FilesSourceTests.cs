using System.Globalization;
using Tft.Adapters.Mapping;
using Tft.Adapters.Sources.Files;
using Tft.Tests.Adapters;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Files;

[Trait("Ring", "component")]
public sealed class FilesSourceTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TempFolder _folder = new();
    private readonly TempFolder _state = new();
    private FakeInference _service = null!;
    private int _next;

    public async Task InitializeAsync() => _service = await FakeInference.StartAsync();

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task Poll_FileGrows_EachLineOnceAlsoOverRestarts()
    {
        for (var round = 0; round < 5; round++)
        {
            Append("m.jsonl", 700);
            using var rig = Rig("m.jsonl");
            await rig.PollAsync();
            await rig.PollAsync();
        }

        AssertAllOnce();
    }

    [Fact]
    public async Task Poll_HalfALine_WaitsForTheOtherHalf()
    {
        using var rig = Rig("m.jsonl");
        Append("m.jsonl", 3);
        var line = Line();
        File.AppendAllText(_folder.File("m.jsonl"), line[..20]);
        await rig.PollAsync();
        Assert.Equal(3, _service.Kept.Count);
        File.AppendAllText(_folder.File("m.jsonl"), line[20..] + "\n");

        await rig.PollAsync();

        AssertAllOnce();
    }

    [Fact]
    public async Task Poll_RotatedByRename_UnreadTailIsReadFirst()
    {
        using (var first = Rig("m.jsonl"))
        {
            Append("m.jsonl", 50);
            await first.PollAsync();
        }

        Append("m.jsonl", 30);
        File.Move(_folder.File("m.jsonl"), _folder.File("m.jsonl.1"));
        Append("m.jsonl", 20);
        using var second = Rig("m.jsonl");
        await second.PollAsync();
        Append("m.jsonl", 20);
        await second.PollAsync();

        AssertAllOnce();
    }

    [Fact]
    public async Task Poll_CopiedAndTruncated_UnreadTailIsReadFromTheCopy()
    {
        using var rig = Rig("m.jsonl");
        Append("m.jsonl", 50);
        await rig.PollAsync();
        Append("m.jsonl", 30);
        File.Copy(_folder.File("m.jsonl"), _folder.File("m.jsonl.1"));
        using (var file = new FileStream(_folder.File("m.jsonl"), FileMode.Truncate))
            file.Flush();
        Append("m.jsonl", 20);

        await rig.PollAsync();

        AssertAllOnce();
    }

    [Fact]
    public async Task Poll_TruncatedWithoutACopy_BeginsAnew()
    {
        using var rig = Rig("m.jsonl");
        Append("m.jsonl", 50);
        await rig.PollAsync();
        File.Delete(_folder.File("m.jsonl"));
        Append("m.jsonl", 20);

        await rig.PollAsync();

        AssertAllOnce();
    }

    [Fact]
    public async Task Poll_PatternOfFiles_NewOnesAreFound()
    {
        using var rig = Rig("*.jsonl");
        Append("a.jsonl", 10);
        await rig.PollAsync();
        Append("b.jsonl", 10);
        Append("a.jsonl", 10);
        await rig.PollAsync();

        AssertAllOnce();
    }

    [Fact]
    public async Task Poll_KilledBetweenPushAndCursor_RepeatsAreDuplicatesOnly()
    {
        using (var first = Rig("m.jsonl"))
        {
            Append("m.jsonl", 10);
            await first.PollAsync();
            var cursor = File.ReadAllBytes(first.Cursor.Path);
            Append("m.jsonl", 10);
            await first.PollAsync();
            File.WriteAllBytes(first.Cursor.Path, cursor);
        }

        using var second = Rig("m.jsonl");
        await second.PollAsync();

        Assert.Equal(_next, _service.Kept.Count);
        Assert.Equal(10, _service.Duplicates);
    }

    [Fact]
    public async Task Poll_Csv_QuotesEmptyCellsAndBrokenLines()
    {
        await File.WriteAllTextAsync(_folder.File("m.csv"),
            "\uFEFFtimestamp,server_name,cpu_user_pct,mem_used_pct\r\n"
            + "2026-03-02T08:00:00Z,\"web, \"\"one\"\"\",12.5,\r\n"
            + "2026-03-02T08:00:05Z,b\r\n"
            + "2026-03-02T08:00:10Z,c,,40\r\n");
        using var rig = Rig("m.csv");

        await rig.PollAsync();

        Assert.Equal(["c", "web, \"one\""], _service.Kept.Keys.Select(k => k.Server).Order());
        var web = _service.Kept.Single(k => k.Key.Server != "c").Value;
        Assert.Equal(12.5, web.GetProperty("cpu_user_pct").GetDouble());
        Assert.False(web.TryGetProperty("mem_used_pct", out _));
    }

    [Fact]
    public async Task Poll_CsvRestart_StillKnowsTheHeader()
    {
        await File.WriteAllTextAsync(_folder.File("m.csv"), "timestamp,server_name,cpu_user_pct\n2026-03-02T08:00:00Z,a,1\n");
        using (var first = Rig("m.csv"))
            await first.PollAsync();
        await File.AppendAllTextAsync(_folder.File("m.csv"), "2026-03-02T08:00:05Z,a,2\n");
        using var second = Rig("m.csv");
        await second.PollAsync();

        Assert.Equal(2, _service.Kept.Count);
        Assert.Equal(0, _service.Duplicates);
    }

    [Fact]
    public async Task Poll_LogByPattern_OtherLinesArePassedOver()
    {
        await File.WriteAllTextAsync(_folder.File("app.log"), "started\n2026-03-02 08:00:00 web1 load=1.25 ok\nnoise\n2026-03-02 08:00:05 web1 load=1.50 ok\n");
        using var rig = Rig("app.log", o => o.Pattern = @"^(?<timestamp>\S+ \S+) (?<server_name>\S+) load=(?<load_average>\S+)");

        await rig.PollAsync();

        Assert.Equal([1.25, 1.5], _service.Kept.OrderBy(k => k.Key.Time).Select(k => k.Value.GetProperty("load_average").GetDouble()));
    }

    [Fact]
    public async Task Poll_GarbageLines_AreFaultsAndTheRestArrives()
    {
        await File.WriteAllTextAsync(_folder.File("m.jsonl"), "not json\n[1,2]\n" + Line() + "\n" + new string('x', (1 << 20) + 10) + "\n" + Line() + "\n");
        using var rig = Rig("m.jsonl");

        await rig.PollAsync();

        AssertAllOnce();
    }

    [Fact]
    public async Task Poll_FromEnd_LeavesWhatWasThere()
    {
        Append("m.jsonl", 10);
        using var rig = Rig("m.jsonl", o => o.FromEnd = true);
        await rig.PollAsync();
        Append("m.jsonl", 5);
        await rig.PollAsync();

        Assert.Equal(5, _service.Kept.Count);
    }

    [Fact]
    public async Task Poll_NoHistoryWanted_OldLinesAreLeftAndWhatIsWrittenLaterArrivesHoweverOld()
    {
        Append("m.jsonl", 10);
        using var rig = Rig("m.jsonl", history: 0);
        await rig.PollAsync();
        Assert.Empty(_service.Kept);
        Append("m.jsonl", 5);
        await rig.PollAsync();

        Assert.Equal(5, _service.Kept.Count);
    }

    [Fact]
    public async Task Poll_Telegraf_RowsOfASpanAreOneRecordAlsoWhenTheyComeInTwoPieces()
    {
        var path = _folder.File("telegraf.jsonl");
        var t = _clock.GetUtcNow().ToUnixTimeSeconds();
        string Metric(long at, string name, string tags, string fields) =>
            $$"""{"fields":{{{fields}}},"name":"{{name}}","tags":{"host":"web1"{{tags}}},"timestamp":{{at}}}""" + "\n";
        using var rig = Rig("telegraf.jsonl", preset: "telegraf");
        await File.WriteAllTextAsync(path, Metric(t, "cpu", ",\"cpu\":\"cpu-total\"", "\"usage_user\":20,\"usage_idle\":70") + Metric(t, "cpu", ",\"cpu\":\"cpu0\"", "\"usage_user\":99"));
        await rig.PollAsync();
        Assert.Empty(_service.Kept);
        await File.AppendAllTextAsync(path, Metric(t, "mem", "", "\"used_percent\":55"));
        _clock.Advance(TimeSpan.FromSeconds(25));
        await rig.PollAsync();

        var record = Assert.Single(_service.Kept).Value;
        Assert.Equal((20, 70, 55), (record.GetProperty("cpu_user_pct").GetDouble(), record.GetProperty("cpu_idle_pct").GetDouble(), record.GetProperty("mem_used_pct").GetDouble()));
    }

    private void AssertAllOnce()
    {
        Assert.Equal(_next, _service.Kept.Count);
        Assert.Equal(0, _service.Duplicates);
    }

    private void Append(string name, int lines) =>
        File.AppendAllText(_folder.File(name), string.Concat(Enumerable.Range(0, lines).Select(_ => Line() + "\n")));

    private string Line()
    {
        var time = _clock.GetUtcNow().AddHours(-20).AddSeconds(_next++);
        return string.Create(CultureInfo.InvariantCulture, $$"""{"timestamp": "{{time:yyyy-MM-ddTHH:mm:ssZ}}", "server_name": "web1", "cpu_user_pct": {{_next % 100}}, "note": "ümlaut"}""");
    }

    private LoopRig Rig(string path, Action<FilesOptions>? configure = null, string preset = "tft", double history = 25)
    {
        var options = new FilesOptions { Path = _folder.File(path) };
        configure?.Invoke(options);
        if (!path.Contains('*', StringComparison.Ordinal) && !File.Exists(options.Path))
            File.WriteAllText(options.Path, "");
        var source = new FilesSource(options, new RecordMapper(MappingPresets.Find(preset)!, MappingTrace.Off), TimeSpan.FromHours(history), _clock);
        return new LoopRig(source, _service.Url, _clock, _state);
    }
}
