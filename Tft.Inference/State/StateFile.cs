using Microsoft.Win32.SafeHandles;
using Tft.Inference.LongHistory;

namespace Tft.Inference.State;

/// <summary>
/// The states on disk: a slot of a fixed size for each server, written over in place when its state is renewed, so a restart finds all of them and a renewal writes
/// one slot. A slot that a kill left half written fails its checksum: that server is forecast from its window until its next renewal. Used by one thread.
/// </summary>
internal sealed partial class StateFile(string path, ILogger<StateFile> logger, WriteAt? write = null) : IDisposable
{
    private const int HeadBytes = 512;

    private readonly WriteAt _write = write ?? ((file, bytes, offset) => RandomAccess.Write(file, bytes, offset));
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Stack<int> _free = [];
    private readonly byte[] _buffer = new byte[StateFrame.SlotBytes];
    private SafeFileHandle? _file;
    private int _used;
    private bool _said;

    /// <summary>Why nothing is kept now; null where it is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Learns whose slots there are. States come one by one, when their servers do.</summary>
    /// <param name="keptSteps">A slot that is so much older than the newest is free again.</param>
    public void Open(int keptSteps)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            _used = (int)(RandomAccess.GetLength(_file) / StateFrame.SlotBytes);
            if (RandomAccess.GetLength(_file) % StateFrame.SlotBytes > 0)
                _used++;
            var found = new List<(string Name, int Slot, int Step)>();
            for (var slot = 0; slot < _used; slot++)
            {
                var head = _buffer.AsSpan(0, HeadBytes);
                head = head[..RandomAccess.Read(_file, head, Offset(slot))];
                if (StateFrame.TryPeek(head, out var name, out var step))
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

            LogOpened(_slots.Count, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fault = $"{path} can't be used: {e.Message}";
            LogClosed(Fault);
        }
    }

    /// <summary>The state that is kept of a server; null where none is, or none that is sound.</summary>
    public WeeksState? Load(string name)
    {
        if (_file is null || !_slots.TryGetValue(name, out var slot))
            return null;
        try
        {
            var length = RandomAccess.Read(_file, _buffer, Offset(slot));
            return StateFrame.Read(_buffer.AsSpan(0, length), name);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            LogRefused(path, slot, name, e.Message);
            Free(name);
            return null;
        }
    }

    /// <summary>Keeps a state; where it cannot it is said, and the state serves from memory.</summary>
    public void Save(string name, WeeksState state)
    {
        if (_file is null)
            return;
        var known = _slots.TryGetValue(name, out var slot);
        if (!known)
            slot = _free.TryPop(out var free) ? free : _used++;
        try
        {
            _write(_file, _buffer.AsSpan(0, StateFrame.Write(name, state, _buffer)), Offset(slot));
            _slots[name] = slot;
            (Fault, _said) = (null, false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!known)
                _free.Push(slot);
            Fault = $"{path} can't be written: {e.Message}";
            if (!_said)
                LogUnwritable(Fault);
            _said = true;
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

    private static long Offset(int slot) => (long)slot * StateFrame.SlotBytes;

    [LoggerMessage(2501, LogLevel.Information, "State: {Servers} servers in {Path}")]
    private partial void LogOpened(int servers, string path);

    [LoggerMessage(2502, LogLevel.Error, "State: {Why}; after a restart states are learned anew")]
    private partial void LogClosed(string why);

    [LoggerMessage(2503, LogLevel.Error, "State: {Path}, slot {Slot}, of {Name}: {Why}; it is forecast from its window until it is learned anew")]
    private partial void LogRefused(string path, int slot, string name, string why);

    [LoggerMessage(2504, LogLevel.Error, "State: {Why}; what is renewed serves from memory")]
    private partial void LogUnwritable(string why);
}
