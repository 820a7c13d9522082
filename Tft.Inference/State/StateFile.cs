using Tft.Inference.Hosting;
using Tft.Inference.LongHistory;

namespace Tft.Inference.State;

/// <summary>
/// The states on disk: a slot for each server, written over in place when its state is renewed. A server whose slot does not hold is forecast from its window until its
/// next renewal. Used by one thread.
/// </summary>
internal sealed partial class StateFile(string path, ILogger<StateFile> logger, WriteAt? write = null) : IDisposable
{
    private const int HeadBytes = 512;

    private readonly SlotFile _file = new(path, StateFrame.SlotBytes, HeadBytes, StateFrame.TryPeek, write);
    private bool _said;

    /// <summary>Why nothing is kept now; null where it is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Learns whose slots there are. States come one by one, when their servers do.</summary>
    /// <param name="keptSteps">A slot that is so much older than the newest is free again.</param>
    public void Open(int keptSteps)
    {
        try
        {
            _file.Open(keptSteps);
            LogOpened(_file.Count, path);
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
        if (!_file.TryFind(name, out var slot))
            return null;
        try
        {
            return StateFrame.Read(_file.Read(slot), name);
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
        if (!_file.IsOpen)
            return;
        try
        {
            _file.Write(name, StateFrame.Write(name, state, _file.Buffer));
            (Fault, _said) = (null, false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fault = $"{path} can't be written: {e.Message}";
            if (!_said)
                LogUnwritable(Fault);
            _said = true;
        }
    }

    /// <summary>Gives the slot of a server free.</summary>
    public void Free(string name) => _file.Free(name);

    public void Dispose() => _file.Dispose();

    [LoggerMessage(2501, LogLevel.Information, "State: {Servers} servers in {Path}")]
    private partial void LogOpened(int servers, string path);

    [LoggerMessage(2502, LogLevel.Error, "State: {Why}; after a restart states are learned anew")]
    private partial void LogClosed(string why);

    [LoggerMessage(2503, LogLevel.Error, "State: {Path}, slot {Slot}, of {Name}: {Why}; it is forecast from its window until it is learned anew")]
    private partial void LogRefused(string path, int slot, string name, string why);

    [LoggerMessage(2504, LogLevel.Error, "State: {Why}; what is renewed serves from memory")]
    private partial void LogUnwritable(string why);
}
