using Tft.Contract.Messages;

namespace Tft.Inference.Alerts.Delivery;

/// <summary>A way on which alerts leave the service.</summary>
internal interface IAlertChannel
{
    /// <summary>Kind and host, for logs and metrics: never what is secret in an address.</summary>
    string Name { get; }

    ChannelOptions Options { get; }

    /// <summary>Alerts of one message.</summary>
    int LargestGroup { get; }

    /// <summary>Hands over a group once; whatever goes wrong is in the outcome.</summary>
    Task<DeliveryOutcome> SendAsync(AlertGroup group, CancellationToken cancellationToken);
}

/// <summary>Alerts that go out together, oldest first.</summary>
/// <param name="Alerts">At least one.</param>
/// <param name="Key">The same for each attempt, so that a receiver can recognise a repetition.</param>
internal sealed record AlertGroup(IReadOnlyList<AlertInfo> Alerts, string Key);

/// <summary>What came of one attempt.</summary>
/// <param name="Failure">Null: delivered.</param>
/// <param name="MayRetry">False where a further attempt would fail as this one did.</param>
/// <param name="RetryAfter">What the receiver asks for.</param>
internal sealed record DeliveryOutcome(string? Failure, bool MayRetry = true, TimeSpan? RetryAfter = null)
{
    public static DeliveryOutcome Delivered { get; } = new(Failure: null);
}
