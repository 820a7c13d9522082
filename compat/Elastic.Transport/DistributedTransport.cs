namespace Elastic.Transport;

public interface ITransport
{
    ITransportConfiguration Configuration { get; }

    /// <exception cref="NotSupportedException">An answer other than <see cref="StreamResponse"/> is asked for.</exception>
    /// <exception cref="UnexpectedTransportException">An error's text is cut, or the call was cancelled while it came.</exception>
    Task<TResponse> RequestAsync<TResponse>(in EndpointPath path, PostData? postData, CancellationToken cancellationToken = default)
        where TResponse : TransportResponse, new();
}

/// <summary>Takes a call to the pool's nodes: to the next where one does not answer, answers 502, 503 or 504, or with something else than JSON.</summary>
public sealed class DistributedTransport(ITransportConfiguration configuration) : ITransport
{
    /// <summary>Of the time that a call has; after it no further node is tried.</summary>
    private const double EnoughTime = 0.98;

    private readonly BoundConfiguration _bound = new(configuration);

    public ITransportConfiguration Configuration => configuration;

    public Task<TResponse> RequestAsync<TResponse>(in EndpointPath path, PostData? postData, CancellationToken cancellationToken = default)
        where TResponse : TransportResponse, new() => AnyAsync<TResponse>(path, postData, cancellationToken);

    private async Task<TResponse> AnyAsync<TResponse>(EndpointPath path, PostData? postData, CancellationToken cancellationToken)
        where TResponse : TransportResponse, new() =>
        await RequestAsync(path, postData, cancellationToken).ConfigureAwait(false) as TResponse
        ?? throw new NotSupportedException($"This stand-in of Elastic.Transport answers with StreamResponse, not with {typeof(TResponse).Name}");

    private async Task<StreamResponse> RequestAsync(EndpointPath path, PostData? postData, CancellationToken cancellationToken)
    {
        if (configuration.RequestInvoker is not HttpRequestInvoker invoker)
            throw new NotSupportedException("This stand-in of Elastic.Transport sends by HttpRequestInvoker alone");
        var startedAt = Environment.TickCount64;
        StreamResponse? response = null;
        foreach (var node in configuration.NodePool.CreateView())
        {
            response?.Dispose();
            try
            {
                response = await invoker.RequestAsync(node, path, _bound, postData, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                throw new UnexpectedTransportException(e);
            }

            if (response.ApiCallDetails.SuccessOrKnownError)
            {
                node.MarkAlive();
                break;
            }

            if (response.ApiCallDetails.HttpStatusCode == 401)
                break;
            node.MarkDead();
            if (cancellationToken.IsCancellationRequested || Environment.TickCount64 - startedAt >= EnoughTime * _bound.RequestTimeout.TotalMilliseconds)
                break;
        }

        return response!;
    }
}
