using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Drives one resource from its first state to its last, as often as it is started.</summary>
internal interface IResourceController
{
    IResource Resource { get; }

    IReadOnlyList<string> InstanceIds { get; }

    /// <summary>Ends when the first start has gone past its waits, or has failed, or is left to a command.</summary>
    Task Created { get; }

    /// <summary>False if it is started already.</summary>
    bool TryStart();

    Task StopAsync();

    /// <summary>Where the resource shows that it has ended, until what is left of that is done and it can be started again; else nothing to wait for.</summary>
    Task EndedAsync();
}
