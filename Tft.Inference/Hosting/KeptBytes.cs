using System.Text.Json;
using Tft.ServiceDefaults.Files;

namespace Tft.Inference.Hosting;

/// <summary>
/// Keeps a state in a file of the data directory: read at start, written when it has changed, at intervals and at the end. A file that can't be read is set
/// aside for whoever wants to look, and the state begins anew.
/// </summary>
internal abstract partial class KeptBytes(string path, TimeSpan interval, TimeProvider time, ILogger logger) : BackgroundService
{
    private readonly Lock _saving = new();
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
            Read(File.ReadAllBytes(path));
            _saved = Version;
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidDataException or UnauthorizedAccessException)
        {
            LogUnreadable(path, e.Message);
            SetAside();
        }
    }

    internal void SaveIfChanged()
    {
        // a host that is stopped from two sides stops its services twice, and two writers of one file would each undo the other's
        lock (_saving)
        {
            var version = Version;
            if (version == _saved)
                return;
            try
            {
                AtomicFile.Write(path, Write());
                _saved = version;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogUnwritable(path, interval.TotalSeconds, e.Message);
            }
        }
    }

    /// <summary>The state, as the file holds it.</summary>
    protected abstract ReadOnlySpan<byte> Write();

    /// <summary>Takes over what <see cref="Write"/> gave.</summary>
    /// <exception cref="InvalidDataException">It is something else; nothing of it was taken over.</exception>
    protected abstract void Read(byte[] content);

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
