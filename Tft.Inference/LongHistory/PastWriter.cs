using Tft.Inference.Journal;
using Tft.Inference.Windows;

namespace Tft.Inference.LongHistory;

/// <summary>Opens the history once the windows are recovered, then writes every second what was handed over, and drops what is too old.</summary>
internal sealed partial class PastWriter(PastStore store, FleetWindows windows, Committer committer, TimeProvider clock, ILogger<PastWriter> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_expiry = TimeSpan.FromHours(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        store.Flush();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(s_interval, clock);
        var expired = clock.GetTimestamp() - clock.TimestampFrequency * (long)s_expiry.TotalSeconds;
        do
        {
            try
            {
                if (!store.IsOpen && !committer.IsReading)
                    store.Open(windows.Names);
                store.Flush();
                if (clock.GetElapsedTime(expired) >= s_expiry)
                {
                    store.Expire();
                    expired = clock.GetTimestamp();
                }
            }
            catch (Exception e)
            {
                // history is a help, not a need
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    [LoggerMessage(2410, LogLevel.Error, "History: writing failed; it is tried again")]
    private partial void LogFailed(Exception e);
}
