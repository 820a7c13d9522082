using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Tft.Contract.Messages;

namespace Tft.Inference.Alerts;

/// <summary>
/// Posts announced alerts to the webhooks: what waits goes out together, at most so many posts a minute, each tried four times. The header
/// Idempotency-Key lets a receiver recognise a repetition.
/// </summary>
internal sealed partial class WebhookDelivery(
    AlertAnnouncer announcer, IHttpClientFactory clients, IOptions<AlertOptions> options, TimeProvider time, ILogger<WebhookDelivery> logger)
    : BackgroundService
{
    public const string ClientName = "alert-webhook";

    private const int LargestGroup = 100;

    private static readonly TimeSpan[] s_pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<AlertInfo>();
        var pause = TimeSpan.FromMinutes(1) / options.Value.PostsPerMinute;
        while (await announcer.Queue.WaitToReadAsync(stoppingToken))
        {
            group.Clear();
            while (group.Count < LargestGroup && announcer.Queue.TryRead(out var alert))
                group.Add(alert);
            if (options.Value.Webhooks.Count == 0)
                continue;
            var body = JsonSerializer.SerializeToUtf8Bytes(new AlertsResponse { Alerts = group }, ContractJson.Default.AlertsResponse);
            var key = AlertId.New(time.GetUtcNow());
            foreach (var webhook in options.Value.Webhooks)
                await DeliverAsync(webhook, body, key, group.Count, stoppingToken);
            await Task.Delay(pause, time, stoppingToken);
        }
    }

    private async Task DeliverAsync(WebhookOptions webhook, byte[] body, string key, int alerts, CancellationToken cancellationToken)
    {
        var host = new Uri(webhook.Url).Authority;
        for (var attempt = 0; ; attempt++)
        {
            var failure = await TryPostAsync(webhook, body, key, cancellationToken);
            if (failure is null)
                return;
            if (attempt == s_pauses.Length)
            {
                LogLost(alerts, host, failure);
                return;
            }

            await Task.Delay(s_pauses[attempt], time, cancellationToken);
        }
    }

    private async Task<string?> TryPostAsync(WebhookOptions webhook, byte[] body, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Idempotency-Key", key);
        if (webhook.Authorization is { } authorization)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode ? null : $"status {(int)response.StatusCode}";
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever a receiver does to a request, the next alert has to go out.
            return e.Message;
        }
    }

    [LoggerMessage(EventId = 3221, Level = LogLevel.Error, Message = "{Alerts} alerts could not be delivered to {Host} in four attempts: {Reason}")]
    private partial void LogLost(int alerts, string host, string reason);
}
