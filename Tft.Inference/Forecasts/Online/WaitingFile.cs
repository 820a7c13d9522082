using Microsoft.Win32.SafeHandles;
using Tft.Contract.Time;

namespace Tft.Inference.Forecasts.Online;

/// <summary>
/// Forecasts that wait for what comes, over a restart: <c>waiting.tft</c> of the data directory, a slot of 6 KB for each server, written over in place once an hour. A slot that a
/// kill left half written fails its checksum: that server's forecasts of the last eight hours are not learned from. Without the file nothing but these is lost.
/// </summary>
internal sealed partial class WaitingFile(string folder, ILogger<WaitingFile> logger) : IDisposable
{
    public const string Name = "waiting.tft";

    /// <summary>What waits from so long before the newest has left every window: its slot is another's.</summary>
    private const int MostSteps = 2 * TimeGrid.StepsPerDay;

    private readonly string _path = Path.Combine(folder, Name);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Stack<int> _free = [];
    private readonly byte[] _buffer = new byte[WaitingFrame.SlotBytes];
    private SafeFileHandle? _file;
    private int _used;
    private bool _said;

    /// <summary>Learns whose slots there are.</summary>
    public void Open()
    {
        lock (_gate)
        {
            try
            {
                Directory.CreateDirectory(folder);
                _file = File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                _used = (int)((RandomAccess.GetLength(_file) + WaitingFrame.SlotBytes - 1) / WaitingFrame.SlotBytes);
                List<(string Name, int Slot, long Origin)> found = [];
                for (var slot = 0; slot < _used; slot++)
                {
                    var head = _buffer.AsSpan(0, WaitingFrame.PeekBytes);
                    head = head[..RandomAccess.Read(_file, head, Offset(slot))];
                    if (WaitingFrame.TryPeek(head, out var name, out var origin))
                        found.Add((name, slot, origin));
                    else
                        _free.Push(slot);
                }

                var newest = found.Count == 0 ? 0 : found.Max(f => f.Origin);
                foreach (var (name, slot, origin) in found)
                {
                    if (origin < newest - MostSteps || !_slots.TryAdd(name, slot))
                        _free.Push(slot);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogClosed(_path, e.Message);
            }
        }
    }

    /// <summary>Lets a server that is seen for the first time go on waiting for what was kept.</summary>
    public void Restore(FollowedServer server, string? model)
    {
        lock (_gate)
        {
            if (_file is null || !_slots.TryGetValue(server.Name, out var slot))
                return;
            try
            {
                var length = RandomAccess.Read(_file, _buffer, Offset(slot));
                WaitingFrame.Read(_buffer.AsSpan(0, length), server, model);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                LogRefused(_path, slot, server.Name, e.Message);
            }
        }
    }

    /// <summary>Keeps what waits of a server.</summary>
    /// <returns>False where it is to be tried again: it changes at this moment, or the file cannot be written, which is said once.</returns>
    public bool Save(FollowedServer server, string? model)
    {
        lock (_gate)
        {
            if (_file is null)
                return true;
            var length = WaitingFrame.Write(server, model, _buffer);
            if (length == 0)
                return false;
            var known = _slots.TryGetValue(server.Name, out var slot);
            if (!known)
                slot = _free.TryPop(out var free) ? free : _used++;
            try
            {
                RandomAccess.Write(_file, _buffer.AsSpan(0, length), Offset(slot));
                _slots[server.Name] = slot;
                _said = false;
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!known)
                    _free.Push(slot);
                if (!_said)
                    LogUnwritable(_path, e.Message);
                _said = true;
                return false;
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private static long Offset(int slot) => (long)slot * WaitingFrame.SlotBytes;

    [LoggerMessage(2521, LogLevel.Error, "{Path} can't be used: {Reason}; after a restart the forecasts of the last eight hours are not learned from")]
    private partial void LogClosed(string path, string reason);

    [LoggerMessage(2522, LogLevel.Warning, "{Path}, slot {Slot}, of {Server}: {Reason}; its forecasts of the last eight hours are not learned from")]
    private partial void LogRefused(string path, int slot, string server, string reason);

    [LoggerMessage(2523, LogLevel.Error, "{Path} can't be written: {Reason}; it is tried again")]
    private partial void LogUnwritable(string path, string reason);
}
