using Tft.Contract.Time;
using Tft.Inference.Hosting;

namespace Tft.Inference.Forecasts.Online;

/// <summary>
/// Forecasts that wait for what comes, over a restart: <c>waiting.tft</c> of the data directory, a slot of 6 KB for each server, written over in place once an hour. A
/// slot that does not hold: that server's forecasts of the last eight hours are not learned from. Without the file nothing but these is lost.
/// </summary>
internal sealed partial class WaitingFile(string folder, ILogger<WaitingFile> logger) : IDisposable
{
    public const string Name = "waiting.tft";

    /// <summary>What waits from so long before the newest has left every window: its slot is another's.</summary>
    private const int MostSteps = 2 * TimeGrid.StepsPerDay;

    private readonly Lock _gate = new();
    private readonly SlotFile _file = new(Path.Combine(folder, Name), WaitingFrame.SlotBytes, WaitingFrame.PeekBytes, WaitingFrame.TryPeek);
    private bool _said;

    /// <summary>Learns whose slots there are.</summary>
    public void Open()
    {
        lock (_gate)
        {
            try
            {
                _file.Open(MostSteps);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogClosed(_file.Path, e.Message);
            }
        }
    }

    /// <summary>Lets a server that is seen for the first time go on waiting for what was kept.</summary>
    public void Restore(FollowedServer server, string? model)
    {
        lock (_gate)
        {
            if (!_file.TryFind(server.Name, out var slot))
                return;
            try
            {
                WaitingFrame.Read(_file.Read(slot), server, model);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                LogRefused(_file.Path, slot, server.Name, e.Message);
            }
        }
    }

    /// <summary>Keeps what waits of a server.</summary>
    /// <returns>False where it is to be tried again: it changes at this moment, or the file cannot be written, which is said once.</returns>
    public bool Save(FollowedServer server, string? model)
    {
        lock (_gate)
        {
            if (!_file.IsOpen)
                return true;
            var length = WaitingFrame.Write(server, model, _file.Buffer);
            if (length == 0)
                return false;
            try
            {
                _file.Write(server.Name, length);
                _said = false;
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!_said)
                    LogUnwritable(_file.Path, e.Message);
                _said = true;
                return false;
            }
        }
    }

    public void Dispose() => _file.Dispose();

    [LoggerMessage(2521, LogLevel.Error, "{Path} can't be used: {Reason}; after a restart the forecasts of the last eight hours are not learned from")]
    private partial void LogClosed(string path, string reason);

    [LoggerMessage(2522, LogLevel.Warning, "{Path}, slot {Slot}, of {Server}: {Reason}; its forecasts of the last eight hours are not learned from")]
    private partial void LogRefused(string path, int slot, string server, string reason);

    [LoggerMessage(2523, LogLevel.Error, "{Path} can't be written: {Reason}; it is tried again")]
    private partial void LogUnwritable(string path, string reason);
}
