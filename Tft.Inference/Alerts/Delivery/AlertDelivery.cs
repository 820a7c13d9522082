using Microsoft.Extensions.Options;

namespace Tft.Inference.Alerts.Delivery;

/// <summary>Gives announced alerts to every channel of the settings.</summary>
internal sealed class AlertDelivery(
    AlertAnnouncer announcer, IHttpClientFactory clients, IOptions<AlertOptions> options, DeliveryMeters meters, TimeProvider time, ILogger<AlertDelivery> logger)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<ChannelWorker> workers = [.. Channels().Select(c => new ChannelWorker(c, options.Value.PostsPerMinute, meters, time, logger))];
        return Task.WhenAll([FanOutAsync(workers, stoppingToken), .. workers.Select(w => w.RunAsync(stoppingToken))]);
    }

    private async Task FanOutAsync(List<ChannelWorker> workers, CancellationToken cancellationToken)
    {
        await foreach (var alert in announcer.Queue.ReadAllAsync(cancellationToken))
        {
            foreach (var worker in workers)
                worker.Take(alert);
        }
    }

    private IEnumerable<IAlertChannel> Channels()
    {
        var (settings, post) = (options.Value, new AlertPost(clients));
        return
        [
            .. settings.Webhooks.Select(o => new WebhookChannel(o, post)),
            .. settings.Slack.Select(o => new SlackChannel(o, post)),
            .. settings.PagerDuty.Select(o => new PagerDutyChannel(o, post)),
            .. settings.Mail.Select(o => new MailChannel(o, time)),
        ];
    }
}
