namespace Tft.Inference.Forecasts.Online;

/// <summary>Keeps what waits of each server whose hourly forecast is new: every ten minutes, and at the end.</summary>
internal sealed class WaitingKeeper(OnlineBook book, WaitingFile file, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(10);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        file.Open();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Save();
    }

    /// <summary>Keeps what is new.</summary>
    internal void Save()
    {
        foreach (var server in book.Followed())
        {
            var hour = server.Hour;
            if (hour != server.KeptHour && file.Save(server, book.Model))
                server.KeptHour = hour;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Save();
    }
}
