using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Windows.Sources;

namespace Tft.Inference.Windows.Storage;

/// <summary>
/// Windows in compact arrays, allocated in blocks of 64 servers (1 MB), so that a small fleet is small and one of 100,000 takes 1.7 GB.
/// A window is a ring: step s lies in cell s mod 288.
/// </summary>
internal sealed class WindowStorage
{
    private const int BlockBits = 6;
    private const int Steps = TimeGrid.WindowSteps;
    private const int Metrics = MetricCatalog.Count;

    private readonly Stack<int> _free = [];
    private Block[] _blocks = [];
    private int _used;

    /// <summary>An empty window.</summary>
    public int Allocate()
    {
        if (!_free.TryPop(out var storage))
        {
            storage = _used++;
            if (storage >> BlockBits >= _blocks.Length)
            {
                Block[] more = [.. _blocks, new Block()];
                Volatile.Write(ref _blocks, more);
            }
        }

        Rows(storage).Fill(float.NaN);
        States(storage).Fill(ServerState.Missing);
        Buckets(storage).Clear();
        Slots(storage) = [];
        FirstSlot(storage) = default;
        return storage;
    }

    public void Free(int storage) => _free.Push(storage);

    /// <summary>[288 x 14], a ring.</summary>
    public Span<float> Rows(int storage) => At(storage).Rows.AsSpan((storage & 63) * Steps * Metrics, Steps * Metrics);

    /// <summary>[14] of one cell.</summary>
    public Span<float> Row(int storage, int cell) => At(storage).Rows.AsSpan((((storage & 63) * Steps) + cell) * Metrics, Metrics);

    /// <summary>[288], a ring.</summary>
    public Span<ServerState> States(int storage) => At(storage).States.AsSpan((storage & 63) * Steps, Steps);

    /// <summary>The last four buckets; step s lies in s mod 4.</summary>
    public Span<Bucket> Buckets(int storage) => At(storage).Buckets.AsSpan((storage & 63) * SourceSlot.Buckets, SourceSlot.Buckets);

    /// <summary>The first source of the server: most have no other.</summary>
    public ref SourceSlot FirstSlot(int storage) => ref At(storage).FirstSlots[storage & 63];

    /// <summary>Further sources.</summary>
    public ref SourceSlot[] Slots(int storage) => ref At(storage).MoreSlots[storage & 63];

    private Block At(int storage) => Volatile.Read(ref _blocks)[storage >> BlockBits];

    private sealed class Block
    {
        private const int Servers = 1 << BlockBits;

        public readonly float[] Rows = GC.AllocateUninitializedArray<float>(Servers * Steps * Metrics);
        public readonly ServerState[] States = new ServerState[Servers * Steps];
        public readonly Bucket[] Buckets = new Bucket[Servers * SourceSlot.Buckets];
        public readonly SourceSlot[] FirstSlots = new SourceSlot[Servers];
        public readonly SourceSlot[][] MoreSlots = new SourceSlot[Servers][];
    }
}
