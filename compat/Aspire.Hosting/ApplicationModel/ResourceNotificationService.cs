using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The state of every instance of every resource, now and as it changes.</summary>
public class ResourceNotificationService : IDisposable
{
    private const int MaxLag = 10_000;

    private readonly DistributedApplicationModel _model;
    private readonly ResourceLoggerService _logs;
    private readonly Lock _gate = new();
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private ImmutableDictionary<string, ResourceEvent> _states = ImmutableDictionary.Create<string, ResourceEvent>(StringComparer.OrdinalIgnoreCase);

    internal ResourceNotificationService(DistributedApplicationModel model, ResourceLoggerService logs) => (_model, _logs) = (model, logs);

    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory) =>
        PublishUpdateAsync(resource, resource.Name, stateFactory);

    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_gate)
        {
            var before = _states.GetValueOrDefault(resourceId)?.Snapshot ?? new CustomResourceSnapshot { ResourceType = TypeName(resource) };
            var after = stateFactory(before);
            if (after.Equals(before) && _states.ContainsKey(resourceId))
                return Task.CompletedTask;
            var change = new ResourceEvent(resource, resourceId, after);
            _states = _states.SetItem(resourceId, change);
            foreach (var watcher in _watchers)
                watcher.Writer.TryWrite(change);
        }

        return Task.CompletedTask;
    }

    public bool TryGetCurrentState(string resourceId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        resourceEvent = _states.GetValueOrDefault(resourceId)
            ?? _states.Values.FirstOrDefault(state => string.Equals(state.Resource.Name, resourceId, StringComparison.OrdinalIgnoreCase));
        return resourceEvent is not null;
    }

    /// <summary>The current state of everything, then each change, until cancelled.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateBounded<ResourceEvent>(new BoundedChannelOptions(MaxLag) { FullMode = BoundedChannelFullMode.DropOldest });
        ImmutableDictionary<string, ResourceEvent> current;
        lock (_gate)
        {
            current = _states;
            _watchers.Add(channel);
        }

        try
        {
            foreach (var state in current.Values)
                yield return state;
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
                yield return change;
        }
        finally
        {
            lock (_gate)
                _watchers.Remove(channel);
        }
    }

    public async Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        await WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>The first of the states that is reached.</summary>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        HashSet<string> targets = [.. targetStates];
        var reached = await WaitForResourceAsync(
            resourceName, change => change.Snapshot.State is { } state && targets.Contains(state.Text), cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    /// <exception cref="OperationCanceledException">Cancelled; the message says in what state the resource was.</exception>
    /// <exception cref="InvalidOperationException">The model has no such resource.</exception>
    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        if (!_states.ContainsKey(resourceName))
            _model.Find(resourceName);
        try
        {
            await foreach (var change in WatchAsync(cancellationToken))
            {
                if (Concerns(change, resourceName) && predicate(change))
                    return change;
            }
        }
        catch (OperationCanceledException cancelled)
        {
            throw new OperationCanceledException($"Stopped waiting for resource '{resourceName}': {Describe(resourceName)}.", cancelled, cancellationToken);
        }

        throw new OperationCanceledException($"The application ended while '{resourceName}' was waited for.");
    }

    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, WaitBehavior.StopOnResourceUnavailable, cancellationToken);

    /// <exception cref="DistributedApplicationException">The resource ended or failed, and will not become healthy by itself.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var reached = await WaitForResourceAsync(
            resourceName,
            change => AllHealthy(change.Resource.Name)
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && KnownResourceStates.IsUnavailable(change.Snapshot.State?.Text)),
            cancellationToken);
        return KnownResourceStates.IsUnavailable(reached.Snapshot.State?.Text)
            ? throw new DistributedApplicationException($"Resource '{resourceName}' did not become healthy: {Explain(reached)}")
            : reached;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var watcher in _watchers)
                watcher.Writer.TryComplete();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The instances of one resource.</summary>
    internal IEnumerable<ResourceEvent> StatesOf(string resourceName) => _states.Values.Where(state => Concerns(state, resourceName));

    internal bool AllHealthy(string resourceName)
    {
        var states = StatesOf(resourceName).ToList();
        return states.Count > 0 && states.All(state => state.Snapshot.HealthStatus == HealthStatus.Healthy);
    }

    /// <summary>Why a resource is not there, with the last lines that it wrote.</summary>
    internal string Explain(ResourceEvent change, int lines = 10)
    {
        var snapshot = change.Snapshot;
        var text = $"it is {snapshot.State?.Text ?? "not started"}"
            + (snapshot.ExitCode is { } code ? $" with exit code {code}" : "")
            + (snapshot.Reason is { } reason ? $" ({reason})" : "") + ".";
        var tail = _logs.Tail(change.Resource.Name, lines);
        return tail.Count == 0 ? text : $"{text} Its last lines:{string.Concat(tail.Select(line => $"{Environment.NewLine}    {line}"))}";
    }

    private static bool Concerns(ResourceEvent change, string name) =>
        string.Equals(change.Resource.Name, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(change.ResourceId, name, StringComparison.OrdinalIgnoreCase);

    private static string TypeName(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ExecutableResource => "Executable",
        ContainerResource => "Container",
        ParameterResource => "Parameter",
        _ => resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal),
    };

    private string Describe(string resourceName) => string.Join("; ", StatesOf(resourceName).Select(state =>
        $"{state.ResourceId} is {state.Snapshot.State?.Text ?? "not started"}, health {state.Snapshot.HealthStatus?.ToString() ?? "unknown"}"
        + string.Concat(state.Snapshot.HealthReports.Where(report => report.Description is not null).Select(report => $", {report.Description}"))));
}
