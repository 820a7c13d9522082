using Microsoft.Win32.SafeHandles;
using Tft.Inference.LongHistory;

namespace Tft.Inference.Hosting;

/// <summary>
/// A file with a slot of a fixed size for each server, written over in place, so that keeping one server writes one slot and a restart finds all. A slot that a kill
/// left half written fails its checksum (<see cref="SlotFrame"/>). Used by one thread at a time.
/// </summary>
/// <param name="path">The file; made where it is not there.</param>
/// <param name="slotBytes">Bytes of a slot.</param>
/// <param name="headBytes">Bytes at the beginning of a slot that <paramref name="peek"/> needs.</param>
/// <param name="peek">Whose slot it is and how new.</param>
/// <param name="write">Writes; another in tests of a full disk.</param>
internal sealed class SlotFile(string path, int slotBytes, int headBytes, SlotFile.Peek peek, WriteAt? write = null) : IDisposable
{
    private readonly WriteAt _write = write ?? ((file, bytes, offset) => RandomAccess.Write(file, bytes, offset));
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Stack<int> _free = [];
    private readonly byte[] _buffer = new byte[slotBytes];
    private SafeFileHandle? _file;
    private int _used;

    /// <summary>Says whose slot it is and its newest step; false where it is nobody's.</summary>
    public delegate bool Peek(ReadOnlySpan<byte> head, out string name, out long step);

    public string Path => path;

    public bool IsOpen => _file is not null;

    /// <summary>Servers that have a slot.</summary>
    public int Count => _slots.Count;

    /// <summary>Where a slot is made before <see cref="Write"/>, and what <see cref="Read"/> fills.</summary>
    public Span<byte> Buffer => _buffer;

    /// <summary>Learns whose slots there are.</summary>
    /// <param name="keptSteps">A slot that is so much older than the newest is free again.</param>
    /// <exception cref="IOException">The file can't be used, nor where access is denied (<see cref="UnauthorizedAccessException"/>).</exception>
    public void Open(long keptSteps)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        _used = (int)((RandomAccess.GetLength(_file) + slotBytes - 1) / slotBytes);
        var found = new List<(string Name, int Slot, long Step)>();
        for (var slot = 0; slot < _used; slot++)
        {
            var head = _buffer.AsSpan(0, headBytes);
            head = head[..RandomAccess.Read(_file, head, Offset(slot))];
            if (peek(head, out var name, out var step))
                found.Add((name, slot, step));
            else
                _free.Push(slot);
        }

        var newest = found.Count == 0 ? 0 : found.Max(f => f.Step);
        foreach (var (name, slot, step) in found)
        {
            if (step < newest - keptSteps || !_slots.TryAdd(name, slot))
                _free.Push(slot);
        }
    }

    public bool TryFind(string name, out int slot) => _slots.TryGetValue(name, out slot);

    /// <summary>What stands in a slot, until the next call.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public ReadOnlySpan<byte> Read(int slot) => _buffer.AsSpan(0, RandomAccess.Read(_file!, _buffer, Offset(slot)));

    /// <summary>Writes the first bytes of <see cref="Buffer"/> to the slot of a server, its own or a free one.</summary>
    /// <exception cref="IOException">They can't be written, nor where access is denied (<see cref="UnauthorizedAccessException"/>); the server then has the slot that it had.</exception>
    public void Write(string name, int length)
    {
        var known = _slots.TryGetValue(name, out var slot);
        if (!known)
            slot = _free.TryPop(out var free) ? free : _used++;
        try
        {
            _write(_file!, _buffer.AsSpan(0, length), Offset(slot));
            _slots[name] = slot;
        }
        catch
        {
            if (!known)
                _free.Push(slot);
            throw;
        }
    }

    /// <summary>Gives the slot of a server free.</summary>
    public void Free(string name)
    {
        if (_file is null || !_slots.Remove(name, out var slot))
            return;
        _free.Push(slot);
        try
        {
            RandomAccess.Write(_file, new byte[4], Offset(slot));
        }
        catch (IOException)
        {
            // then it is found again at the next start, and is too old one day
        }
    }

    public void Dispose() => _file?.Dispose();

    private long Offset(int slot) => (long)slot * slotBytes;
}
