using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Threading.Channels;
using Tft.Contract.Messages;
using Tft.Inference.Serving.Events;

namespace Tft.Inference.Alerts;

/// <summary>
/// Takes alerts that began or ended: one log line, one event for the dashboards, and a place in the queue of deliveries. Never waits: a full
/// queue drops the oldest and counts it. When a whole fleet goes down at once, sixty lines and events of a minute say so and the rest is a number.
/// </summary>
internal sealed partial class AlertAnnouncer : IAlertSink
{
    public const int QueueLength = 1000;
    public const int PerMinute = 60;

    private readonly EventHub _events;
    private readonly ILogger<AlertAnnouncer> _logger;
    private readonly Channel<AlertInfo> _queue;
    private readonly TimeProvider _time;
    private long _minute;
    private int _announced;
    private int _unsaid;

    public AlertAnnouncer(EventHub events, IMeterFactory meters, TimeProvider time, ILogger<AlertAnnouncer> logger)
    {
        _events = events;
        _logger = logger;
        _time = time;
        var dropped = meters.Create("tft.alerts").CreateCounter<long>("tft.alerts.dropped", "{alert}", "Deliveries dropped because the queue was full.");
        _queue = Channel.CreateBounded<AlertInfo>(
            new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => dropped.Add(1));
    }

    public ChannelReader<AlertInfo> Queue => _queue.Reader;

    public void Announce(AlertInfo alert)
    {
        _queue.Writer.TryWrite(alert);
        if (!MaySpeak())
            return;
        var text = alert.Reasons.Count > 0 ? alert.Reasons[0].Text : alert.Rule;
        if (alert.State == "resolved")
            LogResolved(alert.Severity, alert.Server, alert.Metric, alert.Rule, alert.Id);
        else
            LogFiring(alert.Severity, alert.Server, text, alert.Rule, alert.Id);
        _events.Send(SseFormat.Event("alert", null, JsonSerializer.SerializeToUtf8Bytes(
            new AlertEvent(alert.Id, alert.State, alert.Server, alert.Severity), ContractJson.Default.AlertEvent)));
    }

    /// <summary>Called under the book's lock.</summary>
    private bool MaySpeak()
    {
        var minute = _time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (minute != _minute)
        {
            if (_unsaid > 0)
                LogUnsaid(_unsaid);
            (_minute, _announced, _unsaid) = (minute, 0, 0);
        }

        if (_announced++ < PerMinute)
            return true;
        _unsaid++;
        return false;
    }

    [LoggerMessage(EventId = 3213, Level = LogLevel.Warning, Message = "[ALERT] {Count} further alerts began or ended in that minute; GET /alerts/active lists what fires")]
    private partial void LogUnsaid(int count);

    [LoggerMessage(EventId = 3211, Level = LogLevel.Warning, Message = "[ALERT] firing {Severity} {Server}: {Text} ({Rule}, {Id})")]
    private partial void LogFiring(string severity, string server, string text, string rule, string id);

    [LoggerMessage(EventId = 3212, Level = LogLevel.Information, Message = "[ALERT] resolved {Severity} {Server}: {Metric} ({Rule}, {Id})")]
    private partial void LogResolved(string severity, string server, string metric, string rule, string id);
}
