namespace Tft.Inference.Hosting;

/// <summary>Writes every second what was handed over to a store on disk, at the end, too, and drops every hour what is too old there.</summary>
/// <param name="what">The store, as a log line begins.</param>
/// <param name="clock">Paces it.</param>
/// <param name="logger">Told of what goes wrong: such a store is a help, not a need.</param>
internal abstract partial class BackgroundWriter(string what, TimeProvider clock, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_expiry = TimeSpan.FromHours(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Flush();
    }

    /// <summary>Before each writing: opens the store where it is not.</summary>
    protected virtual void Prepare()
    {
    }

    protected abstract void Flush();

    protected abstract void Expire();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(s_interval, clock);
        long? expired = null;
        do
        {
            try
            {
                Prepare();
                Flush();
                if (expired is not { } last || clock.GetElapsedTime(last) >= s_expiry)
                {
                    Expire();
                    expired = clock.GetTimestamp();
                }
            }
            catch (Exception e)
            {
                LogFailed(what, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    [LoggerMessage(2410, LogLevel.Error, "{What}: writing failed; it is tried again")]
    private partial void LogFailed(string what, Exception e);
}
