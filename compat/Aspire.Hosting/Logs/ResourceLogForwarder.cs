using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Logs;

/// <summary>Repeats the resources' output in the AppHost's log, as <c>{AppHost}.Resources.{name}</c>.</summary>
internal sealed class ResourceLogForwarder(
    DistributedApplicationModel model, ResourceLoggerService logs, ILoggerFactory loggers, IHostEnvironment environment) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(model.Resources.Select(resource => ForwardAsync(resource, stoppingToken)));

    private async Task ForwardAsync(IResource resource, CancellationToken stopping)
    {
        var logger = loggers.CreateLogger($"{environment.ApplicationName}.Resources.{resource.Name}");
        try
        {
            await foreach (var batch in logs.WatchAsync(resource).WithCancellation(stopping))
            {
                foreach (var line in batch)
                    logger.Log(line.IsErrorMessage ? LogLevel.Error : LogLevel.Information, "{LineNumber}: {Content}", line.LineNumber, line.Content);
            }
        }
        catch (OperationCanceledException)
        {
            // the application stops
        }
    }
}
