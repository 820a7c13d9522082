using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>What every controller works with.</summary>
internal sealed record RunTools(
    ResourceNotificationService Notifications,
    ResourceLoggerService Logs,
    WaitGate Gate,
    HealthMonitor Health,
    ProcessSpecFactory Specs,
    EndpointTable Endpoints,
    OrphanGuard Guard,
    ILogger Logger,
    CancellationToken Stopping);

/// <summary>A resource made of processes: Starting, Waiting, Running, Finished; or FailedToStart.</summary>
internal sealed class ProcessController : IResourceController
{
    private readonly RunTools _tools;
    private readonly string[] _suffixes;
    private readonly TaskCompletionSource _created = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private CancellationTokenSource? _stopLife;
    private Task _life = Task.CompletedTask;

    public ProcessController(IResource resource, RunTools tools)
    {
        Resource = resource;
        _tools = tools;
        var replicas = resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
        _suffixes = [.. Enumerable.Range(0, replicas).Select(_ => new string(RandomNumberGenerator.GetItems<char>("abcdefghijklmnopqrstuvwxyz", 8)))];
        InstanceIds = [.. _suffixes.Select(suffix => $"{resource.Name}-{suffix}")];
    }

    public IResource Resource { get; }

    public IReadOnlyList<string> InstanceIds { get; }

    public Task Created => _created.Task;

    public bool TryStart()
    {
        lock (_gate)
        {
            if (!_life.IsCompleted || _tools.Stopping.IsCancellationRequested)
                return false;
            _stopLife = CancellationTokenSource.CreateLinkedTokenSource(_tools.Stopping);

            // before anyone can look: who waits after a start must not see the end of the life before
            PublishStarting();
            _life = LiveAsync(_stopLife);
            return true;
        }
    }

    public async Task StopAsync()
    {
        Task life;
        lock (_gate)
        {
            life = _life;
            if (!life.IsCompleted)
                _stopLife?.Cancel();
        }

        await life;
    }

    public Task EndedAsync()
    {
        lock (_gate)
        {
            return InstanceIds.All(id => _tools.Notifications.TryGetCurrentState(id, out var now) && KnownResourceStates.TerminalStates.Contains(now.Snapshot.State?.Text))
                ? _life : Task.CompletedTask;
        }
    }

    /// <summary>Leaves the resource to a start command.</summary>
    public async Task LeaveAsync()
    {
        await PublishAsync(before => before with { State = KnownResourceStates.NotStarted });
        _created.TrySetResult();
    }

    private async Task LiveAsync(CancellationTokenSource stopLife)
    {
        // TryStart holds the lock: nothing of a life happens inside of it
        await Task.Yield();
        var stop = stopLife.Token;
        try
        {
            if (!_tools.Gate.IsOpen(Resource))
            {
                await PublishAsync(before => before with { State = KnownResourceStates.Waiting });
                await _tools.Gate.WaitAsync(Resource, stop);
            }

            await RunProcessesAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await PublishAsync(before => before with { State = KnownResourceStates.NotStarted });
        }
        catch (Exception failure)
        {
            // a resource that cannot start is a state to show; the others go on
            _tools.Logger.LogError("'{Resource}' failed to start: {Reason}", Resource.Name, failure.Message);
            _tools.Logs.Add(Resource.Name, Resource.Name, $"Failed to start: {failure.Message}", isError: true);
            await PublishAsync(before => before with { State = KnownResourceStates.FailedToStart, Reason = failure.Message });
        }
        finally
        {
            _created.TrySetResult();
            stopLife.Dispose();
        }
    }

    private async Task RunProcessesAsync(CancellationToken stop)
    {
        List<Task> instances = [];
        using var allEnded = new CancellationTokenSource();
        try
        {
            for (var i = 0; i < _suffixes.Length; i++)
            {
                var context = ProcessSpecFactory.NewInstance(Resource, _suffixes[i]);
                var spec = await _tools.Specs.CreateAsync(Resource, context, stop);
                stop.ThrowIfCancellationRequested();
                var id = InstanceIds[i];
                var process = ProcessInstance.Start(spec, _tools.Guard, (line, isError) => _tools.Logs.Add(Resource.Name, id, line, isError));
                instances.Add(RunInstanceAsync(id, context, process, stop));
            }
        }
        catch when (instances.Count > 0)
        {
            // a later replica could not start: the earlier ones go as well
            _stopLife!.Cancel();
            await Task.WhenAll(instances);
            throw;
        }

        var health = _tools.Health.WatchAsync(Resource, InstanceIds, allEnded.Token);
        _created.TrySetResult();
        await Task.WhenAll(instances);
        await allEnded.CancelAsync();
        await health;
    }

    private async Task RunInstanceAsync(string id, InstanceContext context, ProcessInstance process, CancellationToken stop)
    {
        using (process)
        {
            _tools.Endpoints.AddInstance(Resource, context);
            await _tools.Notifications.PublishUpdateAsync(Resource, id, before => before with
            {
                State = KnownResourceStates.Running,
                StartTimeStamp = DateTime.UtcNow,
            });

            var stopRequested = Task.Delay(Timeout.Infinite, stop);
            var stopped = await Task.WhenAny(process.Ended, stopRequested) == stopRequested;
            if (stopped)
            {
                await _tools.Notifications.PublishUpdateAsync(Resource, id, before => before with { State = KnownResourceStates.Stopping });
                await process.StopAsync();
            }

            _tools.Endpoints.RemoveInstance(Resource, context);
            var exitCode = await process.Ended;
            await _tools.Notifications.PublishUpdateAsync(Resource, id, before => before with
            {
                State = KnownResourceStates.Finished,
                ExitCode = exitCode,
                StopTimeStamp = DateTime.UtcNow,
                Reason = stopped ? "it was stopped" : null,
            });
            if (!stopped && exitCode != 0 && _tools.Notifications.TryGetCurrentState(id, out var state))
                _tools.Logger.LogError("'{Resource}' ended by itself: {Explanation}", id, _tools.Notifications.Explain(state, lines: 20));
        }
    }

    private void PublishStarting() => _ = PublishAsync(before => before with
    {
        State = KnownResourceStates.Starting,
        ExitCode = null,
        Reason = null,
        StartTimeStamp = null,
        StopTimeStamp = null,
        Urls = EndpointTable.UrlsOf(Resource),
        HealthReports = HealthMonitor.Unknown(Resource),
    });

    private async Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        foreach (var id in InstanceIds)
            await _tools.Notifications.PublishUpdateAsync(Resource, id, change);
    }
}
