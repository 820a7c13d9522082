using System.Text.Json;
using System.Text.Json.Serialization;
using Tft.Contract.Messages;

namespace Tft.Inference.Alerts.Delivery;

/// <summary>
/// An alert is an event of its own, since an incident is opened and closed by its key: the alert's id, which is one from firing to its end.
/// </summary>
internal sealed class PagerDutyChannel(PagerDutyOptions options, AlertPost post) : IAlertChannel
{
    /// <summary>The API's limit for a summary.</summary>
    private const int SummaryLength = 1024;

    public string Name { get; } = $"pagerduty {new Uri(options.Url).Authority}";

    public ChannelOptions Options => options;

    public int LargestGroup => 1;

    public Task<DeliveryOutcome> SendAsync(AlertGroup group, CancellationToken cancellationToken) => post.SendAsync(
        options.Url, JsonSerializer.SerializeToUtf8Bytes(Event(group.Alerts[0]), PagerDutyJson.Default.PagerDutyEvent), group.Key, authorization: null, cancellationToken);

    private PagerDutyEvent Event(AlertInfo alert) => alert.State == "resolved"
        ? new PagerDutyEvent(options.RoutingKey, "resolve", alert.Id, Payload: null)
        : new PagerDutyEvent(options.RoutingKey, "trigger", alert.Id, new PagerDutyPayload(
            AlertText.OneLine(AlertText.Of(alert), SummaryLength),
            alert.Server,
            alert.Severity,
            alert.Since,
            alert.Metric,
            alert.Rule,
            new PagerDutyDetails(alert.RiskScore, alert.Threshold, alert.ExpectedAt, [.. alert.Reasons.Select(r => r.Text)])));
}

/// <summary>An event of the Events API v2.</summary>
internal sealed record PagerDutyEvent(string RoutingKey, string EventAction, string DedupKey, PagerDutyPayload? Payload, string Client = "Tft");

/// <summary>What an incident shows.</summary>
internal sealed record PagerDutyPayload(
    string Summary, string Source, string Severity, DateTimeOffset Timestamp, string Component, [property: JsonPropertyName("class")] string Rule, PagerDutyDetails CustomDetails);

internal sealed record PagerDutyDetails(double RiskScore, double Threshold, ExpectedAt ExpectedAt, IReadOnlyList<string> Reasons);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PagerDutyEvent))]
internal sealed partial class PagerDutyJson : JsonSerializerContext;
