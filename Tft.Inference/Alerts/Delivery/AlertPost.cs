using System.Net;
using System.Net.Http.Headers;

namespace Tft.Inference.Alerts.Delivery;

/// <summary>Posts JSON to a receiver.</summary>
internal sealed class AlertPost(IHttpClientFactory clients)
{
    public const string ClientName = "alerts";

    /// <summary>A timeout of its own, and neither log lines nor spans of a request: the path may be a secret.</summary>
    public static void Configure(IHttpClientBuilder builder) => builder
        .ConfigureHttpClient(static client => client.Timeout = TimeSpan.FromSeconds(10))
        .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { ActivityHeadersPropagator = null, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        .RemoveAllLoggers();

    public async Task<DeliveryOutcome> SendAsync(string url, byte[] json, string key, string? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(json);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Idempotency-Key", key);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode ? DeliveryOutcome.Delivered : Failed(response);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // whatever a receiver does to a request, the next alert has to go out
            return new DeliveryOutcome(e.Message);
        }
    }

    private static DeliveryOutcome Failed(HttpResponseMessage response) => new(
        $"status {(int)response.StatusCode}",
        MayRetry: response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500,
        RetryAfter: response.Headers.RetryAfter?.Delta);
}
