using Aspire.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

public static class KnownResourceCommands
{
    public static readonly string StartCommand = "start";
    public static readonly string StopCommand = "stop";
    public static readonly string RestartCommand = "restart";
}

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public bool Canceled { get; init; }

    public string? ErrorMessage { get; init; }
}

/// <summary>Starts and stops single resources of a running application.</summary>
public class ResourceCommandService
{
    private readonly ApplicationRunner _runner;

    internal ResourceCommandService(ApplicationRunner runner) => _runner = runner;

    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    /// <param name="resourceId">The resource's name, or the id of one of its instances; the command is always for all of them.</param>
    /// <param name="commandName">One of <see cref="KnownResourceCommands"/>.</param>
    /// <param name="cancellationToken">Ends the waiting, not the command.</param>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        if (_runner.FindController(resourceId) is not { } controller)
            return Failure($"Resource '{resourceId}' does not exist or cannot be started and stopped.");
        if (commandName == KnownResourceCommands.StopCommand || commandName == KnownResourceCommands.RestartCommand)
            await controller.StopAsync().WaitAsync(cancellationToken);
        else if (commandName != KnownResourceCommands.StartCommand)
            return Failure($"Command '{commandName}' is not available for resource '{resourceId}'.");
        else
            await controller.EndedAsync().WaitAsync(cancellationToken);
        if (commandName != KnownResourceCommands.StopCommand && !controller.TryStart())
            return Failure($"Resource '{resourceId}' is already started.");
        return new ExecuteCommandResult { Success = true };
    }

    private static ExecuteCommandResult Failure(string message) => new() { Success = false, ErrorMessage = message };
}
