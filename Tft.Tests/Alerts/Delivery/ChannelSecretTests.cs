using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Tft.Tests.Infrastructure;
using Tft.Tests.Infrastructure.Otlp;

namespace Tft.Tests.Alerts.Delivery;

/// <summary>Whatever becomes of an alert, what is secret in the settings of a channel is in no log, span or metric.</summary>
[Trait("Ring", "service")]
public sealed class ChannelSecretTests : IAsyncLifetime
{
    private OtlpCollector _collector = null!;

    public async Task InitializeAsync() => _collector = await OtlpCollector.StartAsync();

    public async Task DisposeAsync() => await _collector.DisposeAsync();

    [Fact]
    public async Task Delivered_NoSecretIsTold()
    {
        using var receiver = new HttpDouble(200);
        using var mail = new SmtpDouble();

        await DeliverAsync(receiver.Port, mail.Port, "delivered");

        Assert.Single(mail.Messages);
        Assert.Equal(["/hook/", "/services/T/B/", "/v2/enqueue/"], receiver.Asked.Select(path => path[..(path.LastIndexOf('/') + 1)]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(403, "530 5.7.0 Authentication required")]
    [InlineData(404, "550 5.7.1 no")]
    public async Task Refused_NoSecretIsTold(int status, string answer)
    {
        using var receiver = new HttpDouble(status);
        using var mail = new SmtpDouble();
        mail.Answers["MAIL"] = answer;

        await DeliverAsync(receiver.Port, mail.Port, "lost", $"status {status}");
    }

    [Fact]
    public async Task NobodyThere_NoSecretIsTold()
    {
        using var nobody = new SilentServer(takesConnections: false);

        await DeliverAsync(nobody.Port, nobody.Port, "lost", "refused");
    }

    [Fact]
    public async Task NoAnswer_NoSecretIsTold()
    {
        using var silent = new SilentServer(takesConnections: true);

        await DeliverAsync(silent.Port, silent.Port, "lost", "timeout", isPatient: false);
    }

    /// <summary>Sends an alert on every channel, and looks through what the service told of it.</summary>
    /// <param name="http">Port of the receivers of posts.</param>
    /// <param name="smtp">Port of the mail server.</param>
    /// <param name="outcome">What is to become of it on every channel.</param>
    /// <param name="reason">What the log says of a post that was lost.</param>
    /// <param name="isPatient">False: whoever does not answer is given up soon.</param>
    private async Task DeliverAsync(int http, int smtp, string outcome, string? reason = null, bool isPatient = true)
    {
        using var service = new AlertingService(_collector, http, smtp, isPatient);
        using (var client = service.CreateClient())
        {
            using var counted = new CountedDeliveries(service.Services.GetRequiredService<IMeterFactory>());
            service.Announcer.Announce(SomeAlerts.Firing("a1"));
            foreach (var channel in AlertingService.Channels)
                await Eventually.True(() => counted.Of($"{channel} 127.0.0.1", outcome) == 1, $"{channel} {outcome}", Eventually.Long);
            if (reason is not null)
            {
                foreach (var channel in AlertingService.Channels[..3])
                    await Eventually.True(() => service.Log.Lines.Any(l => IsLoss(l, channel, reason)), $"{channel} is lost: {reason}");
            }

            // the spans of posts would be there by then
            using var answer = await client.GetAsync("/thresholds");
            await _collector.SpanAsync("GET /thresholds");
        }

        // what is held yet is sent at the end
        await service.DisposeAsync();
        Assert.True(_collector.WasSent("[ALERT] firing"));
        foreach (var form in Forms(service.Secret))
        {
            Assert.False(_collector.WasSent(form), $"{form} was sent to the collector");
            Assert.DoesNotContain(service.Log.Lines, line => line.Contains(form, StringComparison.Ordinal));
        }
    }

    private static bool IsLoss(string line, string channel, string reason) =>
        line.Contains($"by {channel} 127.0.0.1", StringComparison.Ordinal) && line.Contains(reason, StringComparison.OrdinalIgnoreCase);

    /// <summary>As it is, as a mail server is told it, and as a header of basic authentication would.</summary>
    private static string[] Forms(string secret) => [secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), Convert.ToBase64String(Encoding.UTF8.GetBytes($"tft:{secret}"))];
}
