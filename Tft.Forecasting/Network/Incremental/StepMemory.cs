using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Tft.Forecasting.Kernels;

namespace Tft.Forecasting.Network.Incremental;

/// <summary>
/// What the history selection made of each server's last steps. A step's selected vector depends on nothing but that step's inputs and the statics; so it is
/// kept beside a hash of them and taken again while the hash is the same. Whatever changes a step - a moved window, a late correction, a filled gap - changes
/// its hash, so nothing has to be told to forget. A wrong step number costs a computation, never a wrong forecast.
/// </summary>
internal sealed class StepMemory
{
    private readonly ConcurrentDictionary<long, Entry> _entries = new();
    private readonly Queue<Entry> _order = new();
    private readonly Lock _gate = new();
    private readonly int _steps, _width, _most;
    private long _recalled, _computed, _evicted;

    /// <param name="steps">E.</param>
    /// <param name="width">H padded.</param>
    /// <param name="servers">The most servers that are kept; beyond, one that was not asked for lately is forgotten.</param>
    public StepMemory(int steps, int width, int servers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(servers);
        (_steps, _width, _most) = (steps, width, servers);
    }

    /// <summary>Servers that are kept.</summary>
    public int Servers => _entries.Count;

    /// <summary>Bytes that a server takes.</summary>
    public long BytesPerServer => ((long)_steps * _width * sizeof(float)) + ((long)_steps * sizeof(ulong)) + 200;

    /// <summary>Steps that were taken from the memory.</summary>
    public long Recalled => Interlocked.Read(ref _recalled);

    /// <summary>Steps that had to be computed.</summary>
    public long Computed => Interlocked.Read(ref _computed);

    /// <summary>Servers that were forgotten for others.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>A server's entry, to be released by <see cref="Release"/>; null while another call has it.</summary>
    public Entry? Rent(long server)
    {
        if (!_entries.TryGetValue(server, out var entry))
        {
            entry = Add(server);
        }

        // an entry that goes to another server between the two lines still holds only vectors beside their hashes
        return Interlocked.CompareExchange(ref entry.Busy, 1, 0) == 0 ? entry : null;
    }

    /// <summary>Gives an entry back.</summary>
    public void Release(Entry entry, int computed)
    {
        Interlocked.Add(ref _recalled, _steps - computed);
        Interlocked.Add(ref _computed, computed);
        entry.Used = true;
        Volatile.Write(ref entry.Busy, 0);
    }

    /// <summary>A hash of a step's inputs; never 0, which marks an empty slot.</summary>
    public static ulong Hash(ReadOnlySpan<float> scalars, ReadOnlySpan<int> categories, ReadOnlySpan<int> statics)
    {
        var hash = Mix(Mix(Mix(0x9E3779B97F4A7C15ul, MemoryMarshal.AsBytes(scalars)), MemoryMarshal.AsBytes(categories)), MemoryMarshal.AsBytes(statics));
        return hash == 0 ? 1 : hash;
    }

    private static ulong Mix(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            hash = Counter.Mix(hash ^ word) + 0x9E3779B97F4A7C15ul;
        }

        // all inputs are of four bytes each, so what is left is nothing or one of them
        return bytes.Length % 8 == 0 ? hash : Counter.Mix(hash ^ MemoryMarshal.Read<uint>(bytes[^4..])) + 0x9E3779B97F4A7C15ul;
    }

    private Entry Add(long server)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(server, out var there))
            {
                return there;
            }

            var entry = _entries.Count < _most ? new Entry(_steps, _width) : Evict();
            entry.Server = server;
            entry.Used = true;
            _entries[server] = entry;
            _order.Enqueue(entry);
            return entry;
        }
    }

    // second chance: an entry that was used since the last look goes to the end of the queue once more
    private Entry Evict()
    {
        for (var looked = 0; ; looked++)
        {
            var entry = _order.Dequeue();
            if (entry.Used && looked < 2 * _most)
            {
                entry.Used = false;
                _order.Enqueue(entry);
                continue;
            }

            _entries.TryRemove(entry.Server, out _);
            Interlocked.Increment(ref _evicted);

            // one that is at work keeps its memory: the newcomer gets memory of its own
            return Volatile.Read(ref entry.Busy) == 0 ? entry : new Entry(_steps, _width);
        }
    }

    /// <summary>A server's steps, at their number modulo E.</summary>
    internal sealed class Entry(int steps, int width)
    {
        public readonly ulong[] Hashes = new ulong[steps];

        public readonly float[] Selected = new float[steps * width];

        public long Server;

        public volatile bool Used;

        public int Busy;
    }
}
