using Tft.Dashboard.Live;

namespace Tft.Tests.Dashboard.Live;

[Trait("Ring", "unit")]
public sealed class SseReaderTests
{
    private static async Task<List<ServerSentEvent>> Read(string text)
    {
        var events = new List<ServerSentEvent>();
        await foreach (var one in SseReader.ReadAsync(new StringReader(text), CancellationToken.None))
        {
            events.Add(one);
        }

        return events;
    }

    [Fact]
    public async Task Read_ContractExample_TwoEventsAndAHeartbeat()
    {
        var events = await Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Dashboard", "Contract", "events.txt")));

        Assert.Collection(
            events,
            e => Assert.Equal(("snapshot", "1234"), (e.Type, e.Id)),
            e => Assert.Equal(("alert", true), (e.Type, e.Data.Contains("ppml0001", StringComparison.Ordinal))),
            e => Assert.Equal(ServerSentEvent.Heartbeat, e.Type));
    }

    [Fact]
    public async Task Read_SeveralDataLines_JoinedByNewLine() =>
        Assert.Equal("a\nb", Assert.Single(await Read("data: a\ndata:b\n\n")).Data);

    [Fact]
    public async Task Read_EventWithoutData_IsNone() => Assert.Empty(await Read("event: snapshot\nid: 4\n\n"));

    [Fact]
    public async Task Read_EndWithoutEmptyLine_DropsTheHalfEvent() => Assert.Empty(await Read("data: half"));

    [Fact]
    public async Task Read_EndlessData_Throws() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Read(string.Concat(Enumerable.Repeat($"data: {new string('x', 100_000)}\n", 20))));
}
