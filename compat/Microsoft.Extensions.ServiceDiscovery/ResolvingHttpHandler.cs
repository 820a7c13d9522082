namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Sends each request to its resolved endpoint; the request keeps its own URI, so that a retry resolves anew.</summary>
internal sealed class ResolvingHttpHandler(ConfiguredEndpoints endpoints) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri ?? throw new InvalidOperationException("The request has no URI.");
        request.RequestUri = endpoints.Resolve(asked);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.RequestUri = asked;
        }
    }
}
