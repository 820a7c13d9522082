using System.Collections.Concurrent;

namespace Tft.Tests.Infrastructure;

/// <summary>The end of an HttpClient's chain: answers as told and remembers what was asked.</summary>
public sealed class FakeHttpHandler(Func<HttpRequestMessage, int, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    private readonly ConcurrentQueue<SentRequest> _requests = new();
    private int _count;

    /// <param name="answer">Takes the request and its number, from 0.</param>
    public FakeHttpHandler(Func<HttpRequestMessage, int, HttpResponseMessage> answer)
        : this((request, number, _) => Task.FromResult(answer(request, number)))
    {
    }

    public IReadOnlyList<SentRequest> Requests => [.. _requests];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        _requests.Enqueue(new SentRequest(
            request.Method,
            request.RequestUri!,
            request.Headers.ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase),
            body));
        var response = await answer(request, Interlocked.Increment(ref _count) - 1, cancellationToken);
        response.RequestMessage ??= request;
        return response;
    }
}

/// <summary>A request as it was when it left.</summary>
public sealed record SentRequest(HttpMethod Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, string? Body);
