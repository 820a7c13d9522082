using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>A parameter or connection string: there is nothing to start, but its value may be missing.</summary>
internal sealed class ValueController(IResource resource, ResourceNotificationService notifications, WaitGate gate, ILogger logger, CancellationToken stopping)
    : IResourceController
{
    private readonly TaskCompletionSource _created = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IResource Resource { get; } = resource;

    public IReadOnlyList<string> InstanceIds { get; } = [resource.Name];

    public Task Created => _created.Task;

    public bool TryStart()
    {
        if (_created.Task.IsCompleted)
            return false;
        _ = RunAsync();
        return true;
    }

    public Task StopAsync() => Task.CompletedTask;

    public Task EndedAsync() => Task.CompletedTask;

    private async Task RunAsync()
    {
        try
        {
            if (!gate.IsOpen(Resource))
            {
                await PublishAsync(KnownResourceStates.Waiting, null);
                await gate.WaitAsync(Resource, stopping);
            }

            if (Resource is IValueProvider value)
                await value.GetValueAsync(stopping);
            await PublishAsync(KnownResourceStates.Running, null);
        }
        catch (MissingParameterValueException missing)
        {
            logger.LogError("{Reason}", missing.Message);
            await PublishAsync("Value missing", missing.Message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // the application stops before the value was needed
        }
        catch (Exception failure)
        {
            // whatever a value provider throws is the state of this resource, not the end of the application
            logger.LogError("'{Resource}' failed: {Reason}", Resource.Name, failure.Message);
            await PublishAsync(KnownResourceStates.FailedToStart, failure.Message);
        }

        _created.TrySetResult();
    }

    private Task PublishAsync(string state, string? reason) =>
        notifications.PublishUpdateAsync(Resource, before => before with { State = state, Reason = reason });
}
