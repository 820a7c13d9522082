namespace Tft.Inference.Forecasts.Past;

/// <summary>Writes every second what was handed over, and drops what is too old.</summary>
internal sealed partial class ForecastLogWriter(ForecastLog log, TimeProvider clock, ILogger<ForecastLogWriter> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_expiry = TimeSpan.FromHours(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        log.Flush();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(s_interval, clock);
        long? expired = null;
        do
        {
            try
            {
                log.Flush();
                if (expired is not { } last || clock.GetElapsedTime(last) >= s_expiry)
                {
                    log.Expire();
                    expired = clock.GetTimestamp();
                }
            }
            catch (Exception e)
            {
                // past forecasts are a help, not a need
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    [LoggerMessage(2425, LogLevel.Error, "Past forecasts: writing failed; it is tried again")]
    private partial void LogFailed(Exception e);
}
