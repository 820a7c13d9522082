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

            var pause = TimeSpan.FromSeconds(options.Interval) * Math.Pow(2, Math.Min(failures, 10));
            try
            {
                await Task.Delay(pause < s_longestPause || failures == 0 ? pause : s_longestPause, clock, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
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
