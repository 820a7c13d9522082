using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

internal sealed record RunnerOptions(bool RandomizePorts);

/// <summary>Starts all resources together, each behind its own waits, and stops all together.</summary>
internal sealed class ApplicationRunner(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext executionContext,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    HealthCheckService healthChecks,
    RunnerOptions options,
    IHostApplicationLifetime lifetime,
    ILogger<DistributedApplication> logger) : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly EndpointTable _endpoints = new(options.RandomizePorts);
    private readonly List<IResourceController> _controllers = [];
    private bool _portsTaken;
    private OrphanGuard? _guard;
    private Task? _stopped;

    /// <summary>Null until the application is started, and for a name that is nobody's.</summary>
    public IResourceController? FindController(string nameOrId) => _controllers.Find(controller =>
        string.Equals(controller.Resource.Name, nameOrId, StringComparison.OrdinalIgnoreCase)
        || controller.InstanceIds.Contains(nameOrId, StringComparer.OrdinalIgnoreCase));

    public bool IsStarted => _controllers.Count > 0;

    /// <summary>Listens on the advertised port of every endpoint; may be called before the start.</summary>
    /// <exception cref="DistributedApplicationException">A fixed port is taken.</exception>
    public void TakePorts()
    {
        if (_portsTaken)
            return;
        _endpoints.Allocate(model.Resources);
        _portsTaken = true;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            TakePorts();
            _guard = OrphanGuard.Start();
            CreateControllers();
            foreach (var controller in _controllers)
            {
                if (controller is ProcessController process && controller.Resource.Annotations.OfType<ExplicitStartupAnnotation>().Any())
                    await process.LeaveAsync();
                else
                    controller.TryStart();
            }

            await Task.WhenAll(_controllers.Select(controller => controller.Created)).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Ctrl-C while resources were still waiting: the host goes on to stop, and that is no failure to be logged
        }
        catch
        {
            // a host that did not start is not stopped by its owner: leave nothing behind
            await StopAsync(CancellationToken.None);
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stopped ??= StopAllAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stopping.Dispose();
    }

    private void CreateControllers()
    {
        var gate = new WaitGate(notifications, logs);
        var tools = new RunTools(
            notifications, logs, gate, new HealthMonitor(healthChecks, notifications), new ProcessSpecFactory(executionContext), _endpoints, _guard!, logger, _stopping.Token);
        foreach (var resource in model.Resources)
        {
            _controllers.Add(resource is ProjectResource or ExecutableResource or ContainerResource
                ? new ProcessController(resource, tools)
                : new ValueController(resource, notifications, gate, logger, _stopping.Token));
        }
    }

    private async Task StopAllAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_controllers.Select(controller => controller.StopAsync()));
        await _endpoints.DisposeAsync();
        foreach (var process in model.Resources.SelectMany(resource => resource.Annotations.OfType<LocalProcessAnnotation>()))
            process.Directory.Remove();
        _guard?.Dispose();
    }
}
