using System.Collections.Frozen;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>What one process of a resource knows of itself: its id, and the port it listens on for each endpoint.</summary>
internal sealed class InstanceContext(IResource resource, string suffix, FrozenDictionary<string, int> ownPorts) : ValueProviderContext
{
    /// <summary>Eight lower-case letters; they stay over restarts.</summary>
    public string Suffix { get; } = suffix;

    public IEnumerable<(string Endpoint, int Port)> OwnPorts => ownPorts.Select(pair => (pair.Key, pair.Value));

    /// <summary>The process's own port, or null for an endpoint of another resource.</summary>
    public string? OwnPort(EndpointReference endpoint) =>
        endpoint.Resource == resource && ownPorts.TryGetValue(endpoint.EndpointName, out var port)
            ? port.ToString(CultureInfo.InvariantCulture)
            : null;
}

/// <summary><c>service.instance.id=...</c> of the process that asks.</summary>
internal sealed class InstanceIdAttribute : IValueProvider
{
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException("Only a process has an instance id.");

    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        new($"service.instance.id={((InstanceContext)context).Suffix}");
}

/// <summary>The addresses that the process that asks has to listen on, joined by semicolons.</summary>
internal sealed class OwnUrls(IReadOnlyList<EndpointReference> endpoints) : IValueProvider
{
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException("Only a process has ports of its own.");

    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        new(string.Join(';', endpoints.Select(endpoint =>
            $"{endpoint.Scheme}://{endpoint.EndpointAnnotation.TargetHost}:{((InstanceContext)context).OwnPort(endpoint)}")));
}
