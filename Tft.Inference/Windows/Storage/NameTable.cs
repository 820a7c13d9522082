using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Tft.Inference.Windows.Storage;

/// <summary>
/// From a server's name in UTF-8 to its number, without making a string. Readers take no lock; one writer adds.
/// Open addressing; a slot is one word (tag of the hash, number + 1), so it is read whole. The hash has a seed of the process:
/// nobody can send names that collide on purpose.
/// </summary>
internal sealed class NameTable
{
    private readonly ulong _seed = ((ulong)Random.Shared.NextInt64() << 1) | 1;
    private readonly Chunked<byte[]> _utf8 = new(10);
    private readonly Chunked<string> _names = new(10);
    private long[] _slots = new long[1024];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public string Name(int server) => _names[server];

    public ReadOnlySpan<byte> Utf8(int server) => _utf8[server];

    /// <summary>The number of this name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> utf8)
    {
        var hash = Hash(utf8);
        var slots = Volatile.Read(ref _slots);
        var mask = slots.Length - 1;
        for (var i = (int)hash & mask; ; i = (i + 1) & mask)
        {
            var slot = Volatile.Read(ref slots[i]);
            if (slot == 0)
                return -1;
            if ((uint)(slot >> 32) == (uint)(hash >> 32) && utf8.SequenceEqual(_utf8[(int)slot - 1]))
                return (int)slot - 1;
        }
    }

    public int Find(string name)
    {
        Span<byte> utf8 = stackalloc byte[1024];
        return Encoding.UTF8.TryGetBytes(name, utf8, out var length) ? Find(utf8[..length]) : -1;
    }

    /// <summary>Numbers a name that is not there yet. One writer only.</summary>
    public int Add(ReadOnlySpan<byte> utf8)
    {
        var server = _count;
        _utf8.Reach(server);
        _names.Reach(server);
        _utf8[server] = utf8.ToArray();
        _names[server] = Encoding.UTF8.GetString(utf8);
        if ((server + 1) * 2 > _slots.Length)
            Grow();
        Insert(_slots, Hash(utf8), server);
        Volatile.Write(ref _count, server + 1);
        return server;
    }

    private void Grow()
    {
        var more = new long[_slots.Length * 2];
        for (var server = 0; server < _count; server++)
            Insert(more, Hash(_utf8[server]), server);
        Volatile.Write(ref _slots, more);
    }

    private static void Insert(long[] slots, ulong hash, int server)
    {
        var mask = slots.Length - 1;
        var i = (int)hash & mask;
        while (slots[i] != 0)
            i = (i + 1) & mask;
        Volatile.Write(ref slots[i], ((long)(hash >> 32) << 32) | (uint)(server + 1));
    }

    /// <summary>Eight bytes a step: multiply, fold the halves.</summary>
    private ulong Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = _seed ^ (ulong)utf8.Length;
        ref var at = ref MemoryMarshal.GetReference(utf8);
        var left = utf8.Length;
        for (; left >= 8; left -= 8, at = ref Unsafe.Add(ref at, 8))
            hash = Mix(hash ^ Unsafe.ReadUnaligned<ulong>(ref at));
        var tail = 0UL;
        for (var i = 0; i < left; i++)
            tail |= (ulong)Unsafe.Add(ref at, i) << (8 * i);
        return Mix(Mix(hash ^ tail));
    }

    private static ulong Mix(ulong x)
    {
        var high = Math.BigMul(x, 0x9E37_79B9_7F4A_7C15, out var low);
        return BitOperations.RotateLeft(high ^ low, 23);
    }
}
