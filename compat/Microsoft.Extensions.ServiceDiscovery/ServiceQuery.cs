namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>
/// What a request URI asks for: <c>https+http://_admin.inference</c> is the endpoint <c>admin</c> of <c>inference</c>, by https
/// if there is such an endpoint, else by http.
/// </summary>
internal sealed record ServiceQuery(string Service, string? Endpoint, IReadOnlyList<string> Schemes)
{
    public static ServiceQuery Parse(Uri uri)
    {
        var schemes = uri.Scheme.Split('+', StringSplitOptions.RemoveEmptyEntries);
        var host = uri.Host;
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return host.StartsWith('_') && dot > 1 && dot < host.Length - 1
            ? new ServiceQuery(host[(dot + 1)..], host[1..dot], schemes)
            : new ServiceQuery(host, null, schemes);
    }
}
