namespace Elastic.Transport;

public abstract class TransportResponse
{
    public ApiCallDetails ApiCallDetails { get; internal set; } = null!;
}

/// <summary>What came of a call. An error status, no answer and an answer that is no JSON are told here, not thrown.</summary>
public sealed class ApiCallDetails
{
    internal ApiCallDetails()
    {
    }

    public HttpMethod HttpMethod { get; internal init; }

    /// <summary>Of the node that was tried last.</summary>
    public Uri? Uri { get; internal init; }

    /// <summary>Null: no answer came.</summary>
    public int? HttpStatusCode { get; internal init; }

    public bool HasSuccessfulStatusCode { get; internal init; }

    public bool HasExpectedContentType { get; internal init; }

    public string ResponseContentType { get; internal init; } = "";

    /// <summary>Of an answer with an error status.</summary>
    public byte[]? ResponseBodyInBytes { get; internal init; }

    public Exception? OriginalException { get; internal init; }

    /// <summary>Whether another node can do better.</summary>
    internal bool SuccessOrKnownError =>
        HasExpectedContentType && (HasSuccessfulStatusCode || (HttpStatusCode is >= 400 and < 599 and not (502 or 503 or 504)));
}

/// <summary>The answer as it comes; empty where its type is not what was asked for. To be disposed of, or its connection is kept.</summary>
public sealed class StreamResponse : TransportResponse, IDisposable
{
    private readonly HttpResponseMessage? _message;

    public StreamResponse() => Body = Stream.Null;

    internal StreamResponse(Stream body, HttpResponseMessage message) => (Body, _message) = (body, message);

    public Stream Body { get; }

    public void Dispose()
    {
        Body.Dispose();
        _message?.Dispose();
    }
}
