using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A door of a resource, as the model declares it.</summary>
public sealed class EndpointAnnotation(
    ProtocolType protocol,
    string? uriScheme = null,
    string? transport = null,
    string? name = null,
    int? port = null,
    int? targetPort = null,
    bool? isExternal = null,
    bool isProxied = true) : IResourceAnnotation
{
    public ProtocolType Protocol { get; set; } = protocol;

    public string UriScheme { get; set; } = uriScheme ?? "tcp";

    public string Transport { get; set; } = transport ?? (uriScheme is "http" or "https" ? "http" : "tcp");

    public string Name { get; set; } = name ?? uriScheme ?? "tcp";

    /// <summary>The advertised port; null = any free one.</summary>
    public int? Port { get; set; } = port;

    /// <summary>The port that the process itself listens on; null = any free one.</summary>
    public int? TargetPort { get; set; } = targetPort;

    public string TargetHost { get; set; } = "localhost";

    public bool IsExternal { get; set; } = isExternal ?? false;

    public bool IsProxied { get; set; } = isProxied;

    public AllocatedEndpoint? AllocatedEndpoint { get; set; }

    /// <summary>The variable through which the process learns its own port.</summary>
    internal string? PortVariable { get; set; }

    /// <summary>True where the launch profile declared it: such a port becomes part of ASPNETCORE_URLS.</summary>
    internal bool IsHttp => UriScheme is "http" or "https";
}

/// <summary>The address under which consumers reach an endpoint.</summary>
public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port)
{
    public EndpointAnnotation Endpoint { get; } = endpoint;

    public string Address { get; } = address;

    public int Port { get; } = port;

    public string UriScheme => Endpoint.UriScheme;

    public string EndPointString => $"{Address}:{Port}";

    public string UriString => $"{UriScheme}://{EndPointString}";
}
