using Tft.Bench.Ingest;

namespace Tft.Bench.Fleet;

/// <summary>A fleet's records over two connections, round by round.</summary>
internal sealed class FleetFeed : IDisposable
{
    private const int Batch = 1_000;
    private const int Connections = 2;
    private readonly (FeedConnection Connection, int Requests)[] _parts;

    /// <param name="port">Of the service, on loopback.</param>
    /// <param name="names">All servers.</param>
    /// <param name="start">Event time of the first round, Unix time.</param>
    /// <param name="roundSeconds">How much later each round is.</param>
    public FleetFeed(int port, string[] names, long start, int roundSeconds) =>
        _parts = [.. names.Chunk((names.Length + Connections - 1) / Connections).Select(part => (Part: part, Batch: Math.Min(Batch, part.Length)))
            .Select(p => (new FeedConnection(port, ServiceProcess.Key, p.Part, p.Batch, start, roundSeconds), (p.Part.Length + p.Batch - 1) / p.Batch))];

    /// <summary>Event time of the next round, Unix time.</summary>
    public long Seconds => _parts[0].Connection.Seconds;

    /// <summary>Sends whole rounds and takes the answers.</summary>
    public Task SendAsync(int rounds, CancellationToken cancellationToken) =>
        Task.WhenAll(_parts.Select(part => Task.Run(
            async () =>
            {
                for (var i = 0; i < rounds * part.Requests; i++)
                    await part.Connection.SendAsync(cancellationToken);
            },
            cancellationToken)));

    public void Dispose()
    {
        foreach (var (connection, _) in _parts)
            connection.Dispose();
    }
}
