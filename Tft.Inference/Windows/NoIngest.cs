using System.Diagnostics;
using Tft.Contract.Messages;
using Tft.Contract.Servers;

namespace Tft.Inference.Windows;

/// <summary>A service that takes no records: no servers, nothing to forecast.</summary>
internal sealed class NoIngest : IFleetWindows, IIngestStatus
{
    public int Count => 0;

    public long ClosedSteps => 0;

    public long AcceptedRequests => 0;

    public JournalInfo Journal { get; } = new() { Kind = "none", State = "ok", Durability = "process", LagRecords = 0 };

    public IReadOnlyList<SourceInfo> Sources => [];

    public bool TryFind(string name, out int server)
    {
        server = -1;
        return false;
    }

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public int TakeChanged(Span<int> servers) => 0;

    public IReadOnlyList<ActivityLink> TakeLinks() => [];

    public WindowInfo Read(int server, Span<float> values, Span<ServerState> states) => throw new ArgumentOutOfRangeException(nameof(server));

    public ServerFacts Facts(int server) => throw new ArgumentOutOfRangeException(nameof(server));
}
