using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Threading.Channels;

namespace Tft.Inference.Serving.Events;

/// <summary>
/// Hands server-sent events to every connected client. A client has room for 256; one that is slower than that is disconnected and counted:
/// it comes back, reads the current state and has lost nothing but time.
/// </summary>
internal sealed class EventHub
{
    public const int RoomPerClient = 256;
    public const int MaximumClients = 256;

    private readonly Counter<long> _dropped;
    private ImmutableArray<Channel<byte[]>> _clients = [];

    public EventHub(IMeterFactory meters)
    {
        var meter = meters.Create("tft.events");
        _dropped = meter.CreateCounter<long>("tft.events.dropped_clients", "{client}", "Event streams closed because the client read too slowly.");
        meter.CreateObservableGauge("tft.events.clients", () => _clients.Length, "{client}", "Event streams that are open.");
    }

    public int Clients => _clients.Length;

    /// <summary>A stream of encoded events, or null when there are too many clients.</summary>
    public Channel<byte[]>? Subscribe()
    {
        var client = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(RoomPerClient) { SingleReader = true });
        return ImmutableInterlocked.Update(ref _clients, static (all, added) => all.Length < MaximumClients ? all.Add(added) : all, client)
            ? client
            : null;
    }

    public void Unsubscribe(Channel<byte[]> client)
    {
        ImmutableInterlocked.Update(ref _clients, static (all, gone) => all.Remove(gone), client);
        client.Writer.TryComplete();
    }

    /// <summary>Sends an encoded event to every client; never waits.</summary>
    public void Send(byte[] message)
    {
        foreach (var client in _clients)
        {
            if (client.Writer.TryWrite(message))
                continue;
            Unsubscribe(client);
            _dropped.Add(1);
        }
    }
}
