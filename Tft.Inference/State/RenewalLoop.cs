using Tft.Contract.Time;
using Tft.Inference.Forecasts;
using Tft.Inference.LongHistory;

namespace Tft.Inference.State;

/// <summary>Runs the renewal every few seconds on a thread that yields to all others.</summary>
internal sealed partial class RenewalLoop(StateRenewal renewal, StateFile file, HistoryOptions history, TimeProvider time, ILogger<RenewalLoop> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        file.Open(history.Days * TimeGrid.StepsPerDay);
        using var timer = new PeriodicTimer(s_interval, time);
        do
        {
            try
            {
                await Task.Factory.StartNew(
                    () =>
                    {
                        ForecastThreads.LowerPriority(ForecastThreads.Lowest);
                        renewal.Run(stoppingToken);
                    },
                    stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // states are a help, not a need
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    [LoggerMessage(2512, LogLevel.Error, "State: a renewal failed; states stay as they are and it is tried again")]
    private partial void LogFailed(Exception error);
}
