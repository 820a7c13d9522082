using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Adapters.Hosting;
using Tft.Adapters.Loop;
using Tft.Adapters.Mapping;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.Host;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Host;

[Trait("Ring", "component")]
public sealed class HostSourceTests
{
    [Theory]
    [InlineData("Proc", "there is no /no/such/folder/stat; name the folder of the kernel's files")]
    [InlineData("Disk", "/no/such/folder is not there; name a folder of the file system")]
    public void Add_FolderIsNotThere_NamesTheSetting(string setting, string reason)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration[$"Tft:Sources:host:{setting}"] = "/no/such/folder";

        var e = Assert.Throws<ConfigurationException>(() => new HostKind().Add(builder, new AdapterOptions()));

        Assert.Contains($"Tft:Sources:host:{setting}: {reason}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ServiceAwayForAMinute_EveryMeasurementWaitsInTheBuffer()
    {
        using var proc = new FakeProc();
        var clock = new FakeTimeProvider();
        var sampler = new HostSampler("here", proc.Files, () => 1, clock);
        await using var source = new HostSource(sampler, TimeSpan.FromSeconds(5), once: false, MappingTrace.Off, clock, NullLogger<HostSource>.Instance);
        var first = ReadAsync(source, clock);
        await Eventually.True(() => clock.ActiveTimers > 0);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(await first.DefaultTimeout());

        for (var i = 0; i < 12; i++)
        {
            await Eventually.True(() => clock.ActiveTimers > 0);
            clock.Advance(TimeSpan.FromSeconds(5));
        }

        var seen = new HashSet<DateTimeOffset>();
        await Eventually.True(async () =>
        {
            seen.UnionWith(await ReadAsync(source, clock));
            return seen.Count >= 11;
        }, "the measurements of a minute");
    }

    private static async Task<List<DateTimeOffset>> ReadAsync(HostSource source, TimeProvider clock)
    {
        var times = new List<DateTimeOffset>();
        await foreach (var page in source.ReadAsync(new ReadRange(clock.GetUtcNow(), clock.GetUtcNow(), null), CancellationToken.None))
            times.AddRange(page.Records.Select(r => r.Timestamp));
        return times;
    }
}
