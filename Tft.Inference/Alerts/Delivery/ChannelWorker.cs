using System.Threading.Channels;
using Tft.Contract.Messages;

namespace Tft.Inference.Alerts.Delivery;

/// <summary>
/// The queue of one channel and what empties it: what comes within a second or waits goes out together, so many messages a minute at most, each tried four times. A channel that
/// is away holds up no other.
/// </summary>
internal sealed partial class ChannelWorker(IAlertChannel channel, int messagesPerMinute, DeliveryMeters meters, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan[] s_pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)];
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    /// <summary>Alerts of one snapshot begin within it: they are one message.</summary>
    private static readonly TimeSpan s_gather = TimeSpan.FromSeconds(1);

    private readonly Channel<AlertInfo> _queue = Channel.CreateBounded<AlertInfo>(
        new BoundedChannelOptions(AlertAnnouncer.QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true },
        _ => meters.Dropped(channel.Name));

    /// <summary>Never waits: a full queue drops the oldest and counts it.</summary>
    public void Take(AlertInfo alert)
    {
        if (channel.Options.Wants(alert.Severity, alert.State))
            _queue.Writer.TryWrite(alert);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMinutes(1) / messagesPerMinute;
        while (await _queue.Reader.WaitToReadAsync(cancellationToken))
        {
            if (channel.LargestGroup > 1)
                await Task.Delay(s_gather, time, cancellationToken);
            var group = new List<AlertInfo>();
            while (group.Count < channel.LargestGroup && _queue.Reader.TryRead(out var alert))
                group.Add(alert);
            await DeliverAsync(new AlertGroup(group, AlertId.New(time.GetUtcNow())), cancellationToken);
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task DeliverAsync(AlertGroup group, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var outcome = await channel.SendAsync(group, cancellationToken);
            if (outcome.Failure is null)
            {
                meters.Delivered(channel.Name, group.Alerts.Count);
                return;
            }

            if (attempt == s_pauses.Length || !outcome.MayRetry)
            {
                meters.Lost(channel.Name, group.Alerts.Count);
                LogLost(group.Alerts.Count, channel.Name, attempt + 1, outcome.Failure);
                return;
            }

            var wait = outcome.RetryAfter is { } asked && asked > s_pauses[attempt] ? asked : s_pauses[attempt];
            await Task.Delay(wait < s_longest ? wait : s_longest, time, cancellationToken);
        }
    }

    [LoggerMessage(EventId = 3221, Level = LogLevel.Error, Message = "{Alerts} alerts could not be delivered by {Channel}, attempts: {Attempts}: {Reason}")]
    private partial void LogLost(int alerts, string channel, int attempts, string reason);
}
