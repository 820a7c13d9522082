namespace Elastic.Transport;

public enum HttpMethod
{
    GET,
    POST,
    PUT,
    DELETE,
    HEAD,
}

/// <summary>Where a request goes on whatever node takes it; relative to the node's address, so without a slash in front.</summary>
public readonly record struct EndpointPath(HttpMethod Method, string PathAndQuery);
