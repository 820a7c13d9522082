using System.Text.Json;
using Tft.Contract.Messages;

namespace Tft.Inference.Alerts.Delivery;

/// <summary>Posts groups as the body of GET /alerts/active.</summary>
internal sealed class WebhookChannel(WebhookOptions options, AlertPost post) : IAlertChannel
{
    public string Name { get; } = $"webhook {new Uri(options.Url).Authority}";

    public ChannelOptions Options => options;

    public int LargestGroup => 100;

    public Task<DeliveryOutcome> SendAsync(AlertGroup group, CancellationToken cancellationToken) => post.SendAsync(
        options.Url,
        JsonSerializer.SerializeToUtf8Bytes(new AlertsResponse { Alerts = group.Alerts }, ContractJson.Default.AlertsResponse),
        group.Key, options.Authorization, cancellationToken);
}
