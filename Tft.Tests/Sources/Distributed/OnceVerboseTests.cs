using Tft.Contract.Time;
using Tft.Tests.Adapters;
using Tft.Tests.Infrastructure;
using Tft.Tests.Sources.Distributed.Stores;

namespace Tft.Tests.Sources.Distributed;

/// <summary><c>--once --verbose</c> against each source: what the pages in docs/sources show.</summary>
[Trait("Ring", "service")]
public sealed class OnceVerboseTests
{
    private const string Server = "ppweb001";

    public static TheoryData<string> Sources => [.. SourcesUnderTest.Rows.Keys.Concat(SourcesUnderTest.Series.Keys).Where(s => s != "otlp")];

    [Fact]
    public async Task Once_NothingThere_SaysWhatToCheck()
    {
        await using var service = await FakeInference.StartAsync();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("metrics.jsonl"), "");

        await using var adapter = ServiceProcess.Start(
            "Tft.Adapters", folder, [new("Tft:InferenceUrl", service.Url), new("Tft:ApiKey", "key-of-the-test")], ["files", "--path", folder.File("metrics.jsonl"), "--once"]);

        Assert.True(await adapter.ExitAsync() == 0, adapter.Output);
        Assert.Contains("Nothing was read that could be sent: check the name of what is read", adapter.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Once_Verbose_ShowsTheMappingPushesAndEnds(string name)
    {
        await using var source = (SourcesUnderTest.Rows.GetValueOrDefault(name) ?? SourcesUnderTest.Series[name])();
        await source.StartAsync();
        var open = TimeGrid.StepOf(DateTimeOffset.UtcNow);
        var rows = Enumerable.Range(1, 12).Select(i => Sample.Of(Server, TimeGrid.StartSeconds(open - 13 + i))).ToList();
        await source.AddAsync(rows);
        await using var service = await FakeInference.StartAsync();
        using var folder = new TempFolder();

        await using var adapter = ServiceProcess.Start(
            "Tft.Adapters", folder,
            [
                new("Tft:InferenceUrl", service.Url),
                new("Tft:ApiKey", "key-of-the-test"),
                .. source.Settings(source.Port).Select(s => KeyValuePair.Create($"Tft:{s.Key}", (string?)s.Value)),
            ],
            [source.Adapter, "--once", "--verbose"]);
        Assert.True(await adapter.ExitAsync() == 0, adapter.Output);

        Assert.Equal(rows.Count, service.Kept.Count);
        var shown = adapter.Output.Split('\n');
        Assert.Contains(shown, line => line == $"{Server} at {DateTimeOffset.FromUnixTimeSeconds(rows[0].Second):yyyy-MM-dd HH:mm:ss}Z");
        var cpu = Assert.Single(shown, line => line.StartsWith("  cpu_user_pct", StringComparison.Ordinal) && line.EndsWith(FormattableString.Invariant($" {rows[0].Cpu} %"), StringComparison.Ordinal));
        Assert.True(cpu.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] != "-", "it says where the value came from: " + cpu);
        Assert.Contains(shown, line => line.StartsWith("  missing (11 of 14): ", StringComparison.Ordinal));
        Assert.Contains("records to TFT daemon", adapter.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("key-of-the-test", adapter.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not-a-secret", adapter.Output, StringComparison.Ordinal);
    }
}
