namespace Tft.Inference.SelfWatch;

/// <summary>Looks at the service, at intervals, by all checks.</summary>
internal sealed partial class SelfWatchLoop(
    IReadOnlyList<ISystemCheck> checks, SystemAlertBook book, UptimeLog uptime, SelfWatchOptions options, TimeProvider time, ILogger<SelfWatchLoop> logger)
    : BackgroundService
{
    private readonly DateTimeOffset _started = time.GetUtcNow();

    internal void LookOnce()
    {
        var now = time.GetUtcNow();
        uptime.Up(_started, now);
        foreach (var check in checks)
        {
            try
            {
                book.See(check, [.. check.Read(now)], now);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // one that cannot look must not blind the others
                LogFailed(check.Rule, e);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            LookOnce();
    }

    [LoggerMessage(EventId = 3231, Level = LogLevel.Error, Message = "The rule {Rule} could not look")]
    private partial void LogFailed(string rule, Exception e);
}
