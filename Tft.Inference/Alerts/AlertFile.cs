using System.Text.Json;

namespace Tft.Inference.Alerts;

/// <summary>Keeps the book in <c>alerts.json</c> of the data directory: read at start, written within five seconds of a change and at the end.</summary>
internal sealed partial class AlertFile(AlertBook book, string folder, TimeProvider time, ILogger<AlertFile> logger) : BackgroundService
{
    public const string Name = "alerts.json";

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private long _saved;

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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            SaveIfChanged();
    }

    internal void Load()
    {
        var path = Path.Combine(folder, Name);
        try
        {
            if (!File.Exists(path))
                return;
            using var stream = File.OpenRead(path);
            if (JsonSerializer.Deserialize(stream, SavedAlertsJson.Default.SavedAlerts) is { } saved)
                book.Restore(saved);
            _saved = book.Version;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            // Alerts begin anew; the file is kept aside for whoever wants to look.
            LogUnreadable(e.Message);
            File.Move(path, path + ".broken", overwrite: true);
        }
    }

    internal void SaveIfChanged()
    {
        var version = book.Version;
        if (version == _saved)
            return;
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, Name);
            using (var stream = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(stream, book.Save(), SavedAlertsJson.Default.SavedAlerts);
                stream.Flush(flushToDisk: true);
            }

            File.Move(path + ".new", path, overwrite: true);
            _saved = version;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnwritable(e.Message);
        }
    }

    [LoggerMessage(EventId = 3201, Level = LogLevel.Error, Message = "The alerts file can't be read and is set aside: {Reason}")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Error, Message = "The alerts file can't be written, tried again in 5 s: {Reason}")]
    private partial void LogUnwritable(string reason);
}
