using System.Diagnostics;
using System.Runtime.CompilerServices;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Windows.Sources;
using Tft.Inference.Windows.Storage;

namespace Tft.Inference.Windows;

/// <summary>
/// The rolling windows of the fleet, in event time. One writer (the committer, and recovery before it); readers never block it:
/// each server has a version that is odd while the writer is at work on it, and a reader that saw it move reads again.
/// Everything that decides over a record stands in its journal entry, so replay comes to the same windows.
/// </summary>
internal sealed partial class FleetWindows(ProfileRules profiles, int maxServers, IPastSteps? past = null) : IFleetWindows, IDisposable
{
    private const int Steps = TimeGrid.WindowSteps;
    private const int Metrics = MetricCatalog.Count;

    /// <summary>Of 288 steps, so many must be measured for a server to be ready (80 %).</summary>
    public const int ReadySteps = 231;

    private const int ServerBits = 10;

    private readonly NameTable _names = new();
    private readonly WindowStorage _storage = new();
    private readonly Chunked<ServerHead> _heads = new(ServerBits);

    /// <summary>When to look at a server's open bucket again, Unix time; apart from the heads, because it is scanned every second.</summary>
    private readonly Chunked<uint> _due = new(ServerBits);
    private readonly ChangeSet _changes = new();
    private readonly FeedLinks _links = new();
    private long _closedSteps;
    private int _active;
    private int _ready;

    public SourceTable Sources { get; } = new();

    public int Count => _names.Count;

    public long ClosedSteps => Volatile.Read(ref _closedSteps);

    /// <summary>Servers that are not retired.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Servers with 288 closed steps, 80 % of them measured.</summary>
    public int Ready => Volatile.Read(ref _ready);

    /// <summary>Closed steps of the fleet, as a share of full windows, %.</summary>
    public double WarmupProgress => Active == 0 ? 0 : Math.Round(100.0 * ClosedSteps / ((double)Active * Steps), 1);

    public NameTable Names => _names;

    public bool TryFind(string name, out int server) => (server = _names.Find(name)) >= 0;

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _changes.WaitAsync(cancellationToken);

    public int TakeChanged(Span<int> servers) => _changes.Take(servers);

    public IReadOnlyList<ActivityLink> TakeLinks() => _links.Take();

    public void Dispose() => _changes.Dispose();

    public WindowInfo Read(int server, Span<float> values, Span<ServerState> states)
    {
        ref var head = ref _heads[server];
        var wait = default(SpinWait);
        while (true)
        {
            var version = Volatile.Read(ref head.Version);
            if ((version & 1) == 0)
            {
                var info = Copy(ref head, values, states);
                Volatile.ReadBarrier();
                if (Volatile.Read(ref head.Version) == version)
                    return info;
            }

            wait.SpinOnce();
        }
    }

    public ServerFacts Facts(int server)
    {
        ref var head = ref _heads[server];
        var wait = default(SpinWait);
        while (true)
        {
            var version = Volatile.Read(ref head.Version);
            if ((version & 1) == 0)
            {
                var facts = new ServerFacts(_names.Name(server), head.Profile, head.State, head.Last, head.LastRecord, head.Storage < 0);
                Volatile.ReadBarrier();
                if (Volatile.Read(ref head.Version) == version)
                    return facts;
            }

            wait.SpinOnce();
        }
    }

    private WindowInfo Copy(ref ServerHead head, Span<float> values, Span<ServerState> states)
    {
        // a torn head is noticed by its version afterwards: until then it must only not lead out of the arrays
        var storage = head.Storage;
        if (storage < 0)
        {
            values[..(Steps * Metrics)].Fill(float.NaN);
            states[..Steps].Fill(ServerState.Missing);
            return new WindowInfo(head.LastClosed, 0, 0);
        }

        var oldest = (int)((uint)(head.LastClosed + 1) % Steps);
        var rows = _storage.Rows(storage);
        rows[(oldest * Metrics)..].CopyTo(values);
        rows[..(oldest * Metrics)].CopyTo(values[((Steps - oldest) * Metrics)..]);
        var cells = _storage.States(storage);
        cells[oldest..].CopyTo(states);
        cells[..oldest].CopyTo(states[(Steps - oldest)..]);
        return new WindowInfo(head.LastClosed, head.KnownSteps, head.MeasuredSteps);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BeginWrite(ref ServerHead head)
    {
        Volatile.Write(ref head.Version, head.Version + 1);
        Volatile.WriteBarrier();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EndWrite(ref ServerHead head) => Volatile.Write(ref head.Version, head.Version + 1);
}
