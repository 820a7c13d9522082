using System.Collections.Immutable;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>The proxies of all endpoints: their ports stand before anything starts.</summary>
internal sealed class EndpointTable(bool randomizePorts) : IAsyncDisposable
{
    private readonly Dictionary<EndpointAnnotation, EndpointProxy> _proxies = [];

    /// <exception cref="DistributedApplicationException">A fixed port is taken.</exception>
    public void Allocate(IEnumerable<IResource> resources)
    {
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                var port = endpoint.IsProxied ? Listen(resource, endpoint) : endpoint.Port ?? endpoint.TargetPort!.Value;
                endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, endpoint.TargetHost, port);
            }
        }
    }

    public void AddInstance(IResource resource, InstanceContext instance)
    {
        foreach (var (proxy, port) in ProxiesOf(resource, instance))
            proxy.Add(port);
    }

    public void RemoveInstance(IResource resource, InstanceContext instance)
    {
        foreach (var (proxy, port) in ProxiesOf(resource, instance))
            proxy.Remove(port);
    }

    /// <summary>What people open: the advertised address of each endpoint, as adjusted by <c>WithUrlForEndpoint</c>.</summary>
    public static ImmutableArray<UrlSnapshot> UrlsOf(IResource resource) =>
    [
        .. from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
           where endpoint.AllocatedEndpoint is not null
           let url = Adjusted(resource, endpoint)
           select new UrlSnapshot(url.DisplayText ?? endpoint.Name, url.Url, IsInternal: !endpoint.IsHttp),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies.Values)
            await proxy.DisposeAsync();
        _proxies.Clear();
    }

    private static ResourceUrlAnnotation Adjusted(IResource resource, EndpointAnnotation endpoint)
    {
        var url = new ResourceUrlAnnotation
        {
            Url = endpoint.AllocatedEndpoint!.UriString,
            Endpoint = new EndpointReference((IResourceWithEndpoints)resource, endpoint.Name),
        };
        foreach (var callback in resource.Annotations.OfType<EndpointUrlCallbackAnnotation>().Where(callback => callback.EndpointName == endpoint.Name))
            callback.Callback(url);

        // a path alone counts from the endpoint's address
        url.Url = new Uri(new Uri(endpoint.AllocatedEndpoint.UriString), url.Url).ToString().TrimEnd('/');
        return url;
    }

    private int Listen(IResource resource, EndpointAnnotation endpoint)
    {
        try
        {
            var proxy = EndpointProxy.Listen(randomizePorts ? 0 : endpoint.Port ?? 0);
            _proxies.Add(endpoint, proxy);
            return proxy.Port;
        }
        catch (SocketException taken)
        {
            throw new DistributedApplicationException(
                $"Port {endpoint.Port} of resource '{resource.Name}' (endpoint '{endpoint.Name}') cannot be listened on: {taken.Message}. "
                + $"Stop the program that has it (to see which: ss -ltnp 'sport = :{endpoint.Port}'), or give the resource another port in its "
                + "Properties/launchSettings.json (applicationUrl).",
                taken);
        }
    }

    private IEnumerable<(EndpointProxy Proxy, int Port)> ProxiesOf(IResource resource, InstanceContext instance) =>
        from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
        where _proxies.ContainsKey(endpoint)
        from own in instance.OwnPorts
        where string.Equals(own.Endpoint, endpoint.Name, StringComparison.OrdinalIgnoreCase)
        select (_proxies[endpoint], own.Port);
}
