using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Holds a resource back until those that it waits for are there, or certainly will not be.</summary>
internal sealed class WaitGate(ResourceNotificationService notifications, ResourceLoggerService logs)
{
    public bool IsOpen(IResource resource) => resource.Annotations.OfType<WaitAnnotation>().All(IsReleased);

    /// <exception cref="DistributedApplicationException">A dependency ended or failed; the message has its last lines.</exception>
    public async Task WaitAsync(IResource resource, CancellationToken cancellationToken)
    {
        using var firstFailure = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = resource.Annotations.OfType<WaitAnnotation>().Select(wait => WaitAsync(resource, wait, firstFailure.Token)).ToList();
        while (waits.Count > 0)
        {
            var done = await Task.WhenAny(waits);
            waits.Remove(done);
            if (!done.IsCompletedSuccessfully)
                await firstFailure.CancelAsync();
            await done;
        }
    }

    private async Task WaitAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        if (!IsReleased(wait))
            logs.Add(resource.Name, resource.Name, $"Waiting for resource '{wait.Resource.Name}' to {Goal(wait)}.", isError: false);
        var change = await notifications.WaitForResourceAsync(wait.Resource.Name, change => IsReleased(wait) || IsHopeless(wait, change), cancellationToken);
        if (!IsReleased(wait))
        {
            throw new DistributedApplicationException(
                $"'{resource.Name}' waits for '{wait.Resource.Name}' to {Goal(wait)}, but {notifications.Explain(change)}");
        }
    }

    private bool IsReleased(WaitAnnotation wait)
    {
        var states = notifications.StatesOf(wait.Resource.Name).ToList();
        return states.Count > 0 && wait.WaitType switch
        {
            WaitType.WaitUntilHealthy => notifications.AllHealthy(wait.Resource.Name),
            WaitType.WaitUntilStarted => states.All(state => state.Snapshot.State?.Text == KnownResourceStates.Running),
            _ => states.All(state => KnownResourceStates.TerminalStates.Contains(state.Snapshot.State?.Text) && state.Snapshot.ExitCode == wait.ExitCode),
        };
    }

    private static bool IsHopeless(WaitAnnotation wait, ResourceEvent change) =>
        KnownResourceStates.IsUnavailable(change.Snapshot.State?.Text)
        && (wait.WaitType == WaitType.WaitForCompletion || wait.WaitBehavior != WaitBehavior.WaitOnResourceUnavailable)
        && !(wait.WaitType == WaitType.WaitForCompletion && change.Snapshot.ExitCode == wait.ExitCode);

    private static string Goal(WaitAnnotation wait) => wait.WaitType switch
    {
        WaitType.WaitUntilHealthy => "become healthy",
        WaitType.WaitUntilStarted => "start",
        _ => $"end with exit code {wait.ExitCode}",
    };
}
