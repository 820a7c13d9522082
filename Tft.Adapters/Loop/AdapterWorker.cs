using Tft.Adapters.Cursors;
using Tft.Adapters.Pushing;
using Tft.Adapters.Sources;

namespace Tft.Adapters.Loop;

/// <summary>The daemon: polls at the interval until the process is stopped; after a failure with growing pauses.</summary>
internal sealed partial class AdapterWorker(
    AdapterLoop loop, AdapterOptions options, SourceHealth health, IHostApplicationLifetime lifetime,
    TimeProvider clock, ILogger<AdapterWorker> logger) : BackgroundService
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Log.Started(logger, options.Name, options.Interval);
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await loop.PollAsync(stoppingToken).ConfigureAwait(false);
                failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (CursorException e)
            {
                Log.CursorDamaged(logger, e.Message);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
            catch (Exception e) when (e is SourceException or PushFailedException or OperationCanceledException or IOException or UnauthorizedAccessException)
            {
                health.FetchFailed(e.Message);
                Log.Failed(logger, options.Name, ++failures, e.Message);
            }

            try
            {
                await Task.Delay(Pause(options.Interval, failures, Random.Shared.NextDouble()), clock, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Until the next read: the interval; after failures twice that for each in a row, at most a minute, and of that between half and all, so that
    /// the adapters of a store which comes back do not come back together.
    /// </summary>
    /// <param name="interval">Seconds.</param>
    /// <param name="failures">In a row.</param>
    /// <param name="chance">0 to 1.</param>
    internal static TimeSpan Pause(double interval, int failures, double chance)
    {
        if (failures == 0)
            return TimeSpan.FromSeconds(interval);
        var pause = TimeSpan.FromSeconds(interval) * Math.Pow(2, Math.Min(failures, 10));
        return (pause < s_longestPause ? pause : s_longestPause) * ((1 + chance) / 2);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 200, Level = LogLevel.Information, Message = "Adapter {Source} reads every {Seconds} s")]
        public static partial void Started(ILogger logger, string source, double seconds);

        [LoggerMessage(EventId = 204, Level = LogLevel.Warning, Message = "Reading {Source} failed ({Failures} in a row): {Reason}")]
        public static partial void Failed(ILogger logger, string source, int failures, string reason);

        [LoggerMessage(EventId = 205, Level = LogLevel.Critical, Message = "{Reason}")]
        public static partial void CursorDamaged(ILogger logger, string reason);
    }
}
