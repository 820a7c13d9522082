using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tft.Inference.Alerts;
using Tft.Inference.Alerts.Delivery;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Tests.Infrastructure;
using Tft.Tests.Infrastructure.Otlp;

namespace Tft.Tests.Alerts.Delivery;

/// <summary>
/// The whole service with a channel of each kind, all of which hold <see cref="Secret"/> wherever an address or a login may: it logs everything to <see cref="Log"/> and
/// sends all that it tells of itself to a collector.
/// </summary>
/// <param name="collector">Where spans, metrics and logs go.</param>
/// <param name="http">Port of the receivers of posts.</param>
/// <param name="smtp">Port of the mail server.</param>
/// <param name="isPatient">False: whoever does not answer is given up soon.</param>
internal sealed class AlertingService(OtlpCollector collector, int http, int smtp, bool isPatient) : WebApplicationFactory<SnapshotStore>
{
    public static readonly string[] Channels = ["webhook", "slack", "pagerduty", "mail"];

    private readonly TempFolder _data = new();

    /// <summary>As long as a key of PagerDuty, and in nobody else's logs.</summary>
    public string Secret { get; } = Guid.NewGuid().ToString("N");

    public LogSink Log { get; } = new();

    public AlertAnnouncer Announcer => Services.GetRequiredService<AlertAnnouncer>();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Tft:ApiKey", "tft_test_key").UseSetting("Tft:DataDirectory", _data.Path);
        var host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{http}");
        Dictionary<string, string?> settings = new(collector.Settings)
        {
            ["Tft:Redis"] = "none",
            ["Tft:Model"] = "none",
            ["Logging:LogLevel:Default"] = "Trace",
            ["Logging:LogLevel:Microsoft"] = "Trace",
            ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Trace",
            ["Tft:Alerts:PostsPerMinute"] = "600",
            ["Tft:Alerts:Webhooks:0:Url"] = $"http://tft:{Secret}@{host}/hook/{Secret}?token={Secret}",
            ["Tft:Alerts:Webhooks:0:Authorization"] = $"Bearer {Secret}",
            ["Tft:Alerts:Slack:0:Url"] = $"http://{host}/services/T/B/{Secret}",
            ["Tft:Alerts:PagerDuty:0:Url"] = $"http://{host}/v2/enqueue/{Secret}",
            ["Tft:Alerts:PagerDuty:0:RoutingKey"] = Secret,
            ["Tft:Alerts:Mail:0:Host"] = "127.0.0.1",
            ["Tft:Alerts:Mail:0:Port"] = smtp.ToString(CultureInfo.InvariantCulture),
            ["Tft:Alerts:Mail:0:StartTls"] = "false",
            ["Tft:Alerts:Mail:0:User"] = "operator",
            ["Tft:Alerts:Mail:0:Password"] = Secret,
            ["Tft:Alerts:Mail:0:From"] = "tft@example.org",
            ["Tft:Alerts:Mail:0:To:0"] = "one@example.org",
        };
        // the command line takes no OTEL_*, and a file is where such settings are
        File.WriteAllText(_data.File("appsettings.json"), JsonSerializer.Serialize(settings));
        builder.UseContentRoot(_data.Path);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<ILoggerProvider>(Log);
            services.Remove(services.Single(s => s.ImplementationType == typeof(AlertDelivery)));
            services.AddHostedService(provider => ActivatorUtilities.CreateInstance<AlertDelivery>(provider, new HastyClock(isPatient ? TimeSpan.FromSeconds(30) : TimeSpan.MaxValue)));
            if (!isPatient)
                services.AddHttpClient(AlertPost.ClientName).ConfigureHttpClient(static client => client.Timeout = TimeSpan.FromMilliseconds(300));
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            _data.Dispose();
    }

    /// <summary>Does not wait for what lasts less than a limit: pauses between attempts are over at once, the patience with an answer is not.</summary>
    private sealed class HastyClock(TimeSpan limit) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero && dueTime < limit ? TimeSpan.Zero : dueTime, period);
    }
}
