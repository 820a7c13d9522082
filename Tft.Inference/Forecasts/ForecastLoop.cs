using Tft.Inference.Windows;

namespace Tft.Inference.Forecasts;

/// <summary>Wakes when buckets close and runs the forecaster; between that it sweeps for what no bucket announces.</summary>
internal sealed partial class ForecastLoop(
    IFleetWindows windows, ForecastRunner runner, ForecastThreads threads, TimeProvider time, ILogger<ForecastLoop> logger) : BackgroundService
{
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(2);

    /// <summary>A batch of records closes the buckets of many servers within moments: they go through the engine together.</summary>
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(50);

    /// <summary>After a failure, which may repeat.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(s_sweep, time);
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        var change = windows.WaitForChangeAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAny(tick, change);
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                if (change.IsCompleted)
                {
                    await change;
                    await Task.Delay(s_gather, time, stoppingToken);
                    await threads.RunAsync(() => runner.RunChanged(stoppingToken), stoppingToken);
                    change = windows.WaitForChangeAsync(stoppingToken);
                }

                if (tick.IsCompleted)
                {
                    tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
                    await threads.RunAsync(() => runner.Sweep(stoppingToken), stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A run that fails leaves the last snapshot in place; the service goes on serving it and tries again.
                LogFailed(e);
                await Task.Delay(s_pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                change = windows.WaitForChangeAsync(stoppingToken);
            }
        }
    }

    [LoggerMessage(EventId = 3000, Level = LogLevel.Error, Message = "A forecast run failed; the last snapshot stays")]
    private partial void LogFailed(Exception error);
}
