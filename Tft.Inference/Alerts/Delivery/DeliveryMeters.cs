using System.Diagnostics.Metrics;

namespace Tft.Inference.Alerts.Delivery;

/// <summary>What went out, by channel.</summary>
internal sealed class DeliveryMeters
{
    private readonly Counter<long> _deliveries;

    public DeliveryMeters(IMeterFactory meters) => _deliveries = meters.Create("tft.alerts")
        .CreateCounter<long>("tft.alerts.deliveries", "{alert}", "Alerts by channel and outcome: delivered, lost after the last attempt, or dropped since the channel's queue was full.");

    public void Delivered(string channel, int alerts) => Count(channel, "delivered", alerts);

    public void Lost(string channel, int alerts) => Count(channel, "lost", alerts);

    public void Dropped(string channel) => Count(channel, "dropped", 1);

    private void Count(string channel, string outcome, int alerts) => _deliveries.Add(alerts, new("channel", channel), new("outcome", outcome));
}
