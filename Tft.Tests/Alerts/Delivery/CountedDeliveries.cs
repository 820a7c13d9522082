using System.Diagnostics.Metrics;

namespace Tft.Tests.Alerts.Delivery;

/// <summary>
/// What one service counts as <c>tft.alerts.deliveries</c>. By a listener of its own: the SDK keeps one series for the same instrument of all services of a process, and
/// ends it with the first of them that ends.
/// </summary>
internal sealed class CountedDeliveries : IDisposable
{
    private readonly List<(string Channel, string Outcome, long Alerts)> _counted = [];
    private readonly MeterListener _listener = new();

    /// <param name="meters">Of the service.</param>
    public CountedDeliveries(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "tft.alerts.deliveries" && instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            lock (_counted)
                _counted.Add(((string)tags[0].Value!, (string)tags[1].Value!, count));
        });
        _listener.Start();
    }

    /// <param name="channel">Its name, or how it begins.</param>
    /// <param name="outcome">delivered, lost or dropped.</param>
    public long Of(string channel, string outcome)
    {
        lock (_counted)
            return _counted.Where(c => c.Channel.StartsWith(channel, StringComparison.Ordinal) && c.Outcome == outcome).Sum(c => c.Alerts);
    }

    public void Dispose() => _listener.Dispose();
}
