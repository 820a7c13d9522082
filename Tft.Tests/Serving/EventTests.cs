using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Tft.Inference.Serving.Events;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Serving;

[Trait("Ring", "service")]
public sealed class EventTests
{
    [Fact]
    public async Task Events_NewSnapshot_IsSentToTheClient()
    {
        using var service = new InferenceFixture(background: true);
        using var client = service.Client();
        using var stream = new StreamReader(await client.GetStreamAsync("/events").DefaultTimeout());
        var first = await ReadEventAsync(stream);
        Assert.Equal(["event: snapshot", "id: 0"], first[..2]);

        service.Windows.Add("server", 288, service.LastStep, i => Rows.Calm(i));
        service.Runner.RunChanged(default);
        service.Clock.Advance(TimeSpan.FromMilliseconds(250));
        var second = await ReadEventAsync(stream);
        Assert.Equal("event: snapshot", second[0]);
        Assert.Equal("id: 1", second[1]);
        Assert.StartsWith("data: {\"snapshot\":1,", second[2], StringComparison.Ordinal);
        Assert.EndsWith("\"servers\":1,\"changed\":1}", second[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_QuietStream_IsKeptAlive()
    {
        using var service = new InferenceFixture(background: true);
        using var client = service.Client();
        using var stream = new StreamReader(await client.GetStreamAsync("/events").DefaultTimeout());
        await ReadEventAsync(stream);
        string? line = null;
        var read = stream.ReadLineAsync();
        await Eventually.True(() =>
        {
            service.Clock.Advance(TimeSpan.FromSeconds(5));
            return read.IsCompleted;
        });
        line = await read;
        while (line is not null && line != ": keep-alive")
            line = await stream.ReadLineAsync().DefaultTimeout();
        Assert.Equal(": keep-alive", line);
    }

    [Fact]
    public void Send_ClientThatDoesNotRead_IsDisconnectedAndTheOthersGoOn()
    {
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var hub = new EventHub(meters.GetRequiredService<IMeterFactory>());
        var slow = hub.Subscribe()!;
        var quick = hub.Subscribe()!;
        for (var i = 0; i <= EventHub.RoomPerClient; i++)
        {
            hub.Send([1]);
            Assert.True(quick.Reader.TryRead(out _));
        }

        Assert.Equal(1, hub.Clients);
        Assert.Equal(EventHub.RoomPerClient, slow.Reader.Count);
        hub.Send([2]);
        Assert.True(quick.Reader.TryRead(out _));
    }

    [Fact]
    public void Subscribe_TooManyClients_IsRefused()
    {
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var hub = new EventHub(meters.GetRequiredService<IMeterFactory>());
        for (var i = 0; i < EventHub.MaximumClients; i++)
            Assert.NotNull(hub.Subscribe());
        Assert.Null(hub.Subscribe());
    }

    private static async Task<List<string>> ReadEventAsync(StreamReader stream)
    {
        var lines = new List<string>();
        while (await stream.ReadLineAsync().DefaultTimeout() is { Length: > 0 } line)
            lines.Add(line);
        return lines;
    }
}
