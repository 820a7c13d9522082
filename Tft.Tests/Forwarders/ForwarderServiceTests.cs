using Tft.Tests.Feed;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Forwarders;

/// <summary>The programs of docs/integration against the service itself.</summary>
[Trait("Ring", "service")]
public sealed class ForwarderServiceTests(FeedFixture service) : IClassFixture<FeedFixture>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(ForwarderTests.Programs), MemberType = typeof(ForwarderTests))]
    public async Task Lines_OneRecordOutOfRange_RestIsTakenAndTheOneNamed(string program)
    {
        var source = "partial-" + program;
        string[] records = [FeedFixture.Record("good-" + program), FeedFixture.Record("bad-" + program, "\"cpu_idle_pct\":148.2")];

        using var forwarder = Forwarder.Start(program, _folder, Url, records, ["-"], ("TFT_SOURCE", source));

        Assert.True(await forwarder.ExitAsync() == 0, forwarder.Output);
        Assert.Contains("cpu_idle_pct is 148.2", forwarder.Output);
        Assert.DoesNotContain("good-", forwarder.Output);
        Assert.Equal((1L, 1L), await CountedAsync(source));
        Assert.Empty(Forwarder.Waiting(_folder));
    }

    [Theory]
    [MemberData(nameof(ForwarderTests.Programs), MemberType = typeof(ForwarderTests))]
    public async Task Machine_Once_ReadingIsTakenWhole(string program)
    {
        SkipUnless.True(OperatingSystem.IsLinux(), "the programs read /proc");
        var source = "machine-" + program;

        using var forwarder = Forwarder.Start(program, _folder, Url, null, ["--once"], ("TFT_SOURCE", source));

        Assert.True(await forwarder.ExitAsync() == 0, forwarder.Output);
        Assert.Equal("", forwarder.Output);
        Assert.Equal((1L, 0L), await CountedAsync(source));
    }

    [Theory]
    [MemberData(nameof(ForwarderTests.Programs), MemberType = typeof(ForwarderTests))]
    public async Task Lines_UnknownKey_EndsWithWhatTheServiceSays(string program)
    {
        using var forwarder = Forwarder.Start(program, _folder, Url, ForwarderTests.Records(1), ["-"], ("TFT_API_KEY", "another"));

        Assert.Equal(1, await forwarder.ExitAsync());
        Assert.Contains("403 bad_key: The key is wrong, expired or revoked.", forwarder.Output);
    }

    private string Url => service.Client.BaseAddress!.ToString();

    private async Task<(long Records, long Rejected)> CountedAsync(string source)
    {
        using var status = System.Text.Json.JsonDocument.Parse(await service.Client.GetStringAsync("/status"));
        var counted = status.RootElement.GetProperty("sources").EnumerateArray().Single(s => s.GetProperty("name").GetString() == source);
        return (counted.GetProperty("records").GetInt64(), counted.GetProperty("rejected").GetInt64());
    }
}
