using System.Net;

namespace Tft.Tests.Alerts.Delivery;

/// <summary>Whoever alerts are posted to.</summary>
internal sealed class AlertReceiver : HttpMessageHandler, IHttpClientFactory
{
    /// <summary>The answer to the n-th request for a host, counted from 0.</summary>
    public Func<string, int, HttpResponseMessage> Answer { get; set; } = (_, _) => new(HttpStatusCode.OK);

    /// <summary>An answer for a host that is still to come; null: there is one at once.</summary>
    public Func<string, Task<HttpResponseMessage>?> AnswerLater { get; set; } = _ => null;

    public List<Post> Posts { get; } = [];

    public IReadOnlyList<Post> To(string host)
    {
        lock (Posts)
            return [.. Posts.Where(p => p.Host == host)];
    }

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        var host = request.RequestUri!.Host;
        int before;
        lock (Posts)
        {
            before = Posts.Count(p => p.Host == host);
            Posts.Add(new(host, request.Headers.GetValues("Idempotency-Key").Single(), request.Headers.Authorization?.ToString(), body));
        }

        return AnswerLater(host) is { } later ? await later.WaitAsync(cancellationToken) : Answer(host, before);
    }

    public sealed record Post(string Host, string Key, string? Authorization, string Body);
}
