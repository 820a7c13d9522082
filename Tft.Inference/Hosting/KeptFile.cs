using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tft.ServiceDefaults.Files;

namespace Tft.Inference.Hosting;

/// <summary>
/// Keeps a state in a JSON file of the data directory: read at start, written when it has changed, at intervals and at the end. A file that can't be read is set
/// aside for whoever wants to look, and the state begins anew.
/// </summary>
/// <typeparam name="T">The state as it is written.</typeparam>
internal abstract partial class KeptFile<T>(string path, JsonTypeInfo<T> json, TimeSpan interval, TimeProvider time, ILogger logger) : BackgroundService
{
    private long _saved;

    /// <summary>Differs whenever the state does.</summary>
    protected abstract long Version { get; }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Load();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        SaveIfChanged();
    }

    internal void Load()
    {
        try
        {
            if (!File.Exists(path))
                return;
            if (JsonSerializer.Deserialize(File.ReadAllBytes(path), json) is { } state)
                Restore(state);
            _saved = Version;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            LogUnreadable(path, e.Message);
            SetAside();
        }
    }

    internal void SaveIfChanged()
    {
        var version = Version;
        if (version == _saved)
            return;
        try
        {
            AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(State(), json));
            _saved = version;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnwritable(path, interval.TotalSeconds, e.Message);
        }
    }

    protected abstract T State();

    protected abstract void Restore(T state);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            SaveIfChanged();
    }

    private void SetAside()
    {
        try
        {
            File.Move(path, path + ".broken", overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnwritable(path, interval.TotalSeconds, e.Message);
        }
    }

    [LoggerMessage(EventId = 3201, Level = LogLevel.Error, Message = "{Path} can't be read; it is set aside and begun anew: {Reason}")]
    private partial void LogUnreadable(string path, string reason);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Error, Message = "{Path} can't be written, tried again in {Seconds} s: {Reason}")]
    private partial void LogUnwritable(string path, double seconds, string reason);
}
