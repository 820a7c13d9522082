namespace Tft.Inference.Models;

/// <summary>Hot reload: a newer model folder is taken up as soon as it is there, whole and valid.</summary>
internal sealed partial class ModelWatch(ModelStore store, ModelOptions options, TimeProvider time, ILogger<ModelWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.FollowsLatest || options.Watch == TimeSpan.Zero)
            return;
        using var timer = new PeriodicTimer(options.Watch, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                store.TakeNewer();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogFailed(e.Message, options.Directory);
            }
        }
    }

    [LoggerMessage(EventId = 3103, Level = LogLevel.Warning, Message = "{Directory} cannot be read: {Reason}")]
    private partial void LogFailed(string reason, string directory);
}
