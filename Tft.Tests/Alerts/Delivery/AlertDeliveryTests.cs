using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tft.Contract.Messages;
using Tft.Inference.Alerts;
using Tft.Inference.Alerts.Delivery;
using Tft.Inference.Serving.Events;
using Tft.Tests.Infrastructure;
using Tft.Tests.Serving;

namespace Tft.Tests.Alerts.Delivery;

[Trait("Ring", "component")]
public sealed class AlertDeliveryTests : IDisposable
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _clock = new();
    private readonly AlertReceiver _receiver = new();
    private readonly AlertAnnouncer _announcer;
    private readonly CountedDeliveries _counted;
    private AlertDelivery? _delivery;

    public AlertDeliveryTests()
    {
        var meters = _meters.GetRequiredService<IMeterFactory>();
        _announcer = new AlertAnnouncer(new EventHub(meters), meters, _clock, NullLogger<AlertAnnouncer>.Instance);
        _counted = new CountedDeliveries(meters);
    }

    [Fact]
    public async Task Deliver_ReceiverFailsTwice_TriesAgainWithTheSameKey()
    {
        _receiver.Answer = (_, n) => new(n < 2 ? HttpStatusCode.BadGateway : HttpStatusCode.OK);
        _announcer.Announce(SomeAlerts.Firing("a1"));
        await StartAsync(Webhook());
        await UntilAsync(() => _receiver.Posts.Count == 3);
        Assert.Single(_receiver.Posts.Select(r => r.Key).Distinct());
        Assert.All(_receiver.Posts, r => Assert.Equal("Bearer secret", r.Authorization));
        var body = JsonDocument.Parse(_receiver.Posts[^1].Body).RootElement;
        Assert.Empty(JsonShape.Faults(JsonShape.Example("alerts.response.json"), body));
        Assert.Equal("a1", body.GetProperty("alerts")[0].GetProperty("id").GetString());
        await UntilAsync(() => _counted.Of("webhook hook", "delivered") == 1);
    }

    [Fact]
    public async Task Deliver_SeveralAtOnce_GoOutTogether()
    {
        await StartAsync(Webhook());
        for (var i = 0; i < 5; i++)
            _announcer.Announce(SomeAlerts.Firing($"a{i}"));
        // the clock may run before the last of them is in the channel's queue
        await UntilAsync(() => _receiver.Posts.Sum(p => JsonDocument.Parse(p.Body).RootElement.GetProperty("alerts").GetArrayLength()) == 5);
        Assert.InRange(_receiver.Posts.Count, 1, 2);
    }

    [Fact]
    public async Task Deliver_ReceiverNeverAnswers_GivesUpAfterFourAndGoesOn()
    {
        _receiver.Answer = (_, n) => new(n < 4 ? HttpStatusCode.BadGateway : HttpStatusCode.OK);
        _announcer.Announce(SomeAlerts.Firing("lost"));
        await StartAsync(Webhook());
        await UntilAsync(() => _receiver.Posts.Count == 4);
        await UntilAsync(() => _counted.Of("webhook hook", "lost") == 1);
        _announcer.Announce(SomeAlerts.Firing("next"));
        await UntilAsync(() => _receiver.Posts.Count == 5);
        Assert.Contains("next", _receiver.Posts[4].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deliver_RefusedForGood_IsNotRepeated()
    {
        _receiver.Answer = (_, n) => new(n == 0 ? HttpStatusCode.BadRequest : HttpStatusCode.OK);
        _announcer.Announce(SomeAlerts.Firing("refused"));
        await StartAsync(Webhook());
        await UntilAsync(() => _counted.Of("webhook hook", "lost") == 1);
        _announcer.Announce(SomeAlerts.Firing("next"));
        await UntilAsync(() => _receiver.Posts.Count == 2);
        Assert.Contains("next", _receiver.Posts[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deliver_ReceiverAsksToWait_WaitsSoLong()
    {
        _receiver.Answer = (_, n) => n == 0
            ? new(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(60)) } }
            : new(HttpStatusCode.OK);
        _announcer.Announce(SomeAlerts.Firing("a1"));
        var start = _clock.GetUtcNow();
        await StartAsync(Webhook());
        await UntilAsync(() => _receiver.Posts.Count == 2);
        Assert.True(_clock.GetUtcNow() - start >= TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Deliver_OneChannelIsAway_TheOthersGetTheirs()
    {
        var never = new TaskCompletionSource<HttpResponseMessage>();
        _receiver.AnswerLater = host => host == "hook" ? never.Task : null;
        _announcer.Announce(SomeAlerts.Firing("a1"));
        await StartAsync(new AlertOptions { Webhooks = Webhook().Webhooks, Slack = [new() { Url = "http://slack/T/B/secret" }], PagerDuty = [new() { RoutingKey = Key, Url = "http://pager/v2/enqueue" }] });
        await UntilAsync(() => _receiver.To("slack").Count == 1 && _receiver.To("pager").Count == 1);
        Assert.Single(_receiver.To("hook"));
    }

    [Fact]
    public async Task Deliver_AChannelThatWantsLess_GetsThatOnly()
    {
        foreach (var alert in (AlertInfo[])[SomeAlerts.Firing("w", severity: "warning"), SomeAlerts.Firing("c"), SomeAlerts.Resolved("c"), SomeAlerts.Firing("last")])
            _announcer.Announce(alert);
        await StartAsync(new AlertOptions { PagerDuty = [new() { RoutingKey = Key, Url = "http://pager/v2/enqueue", Severity = "critical", Resolved = false }] });
        await UntilAsync(() => _receiver.To("pager").Any(p => p.Body.Contains("\"last\"", StringComparison.Ordinal)));
        Assert.Equal(["c", "last"], _receiver.To("pager").Select(p => JsonDocument.Parse(p.Body).RootElement.GetProperty("dedup_key").GetString()));
    }

    public void Dispose()
    {
        _counted.Dispose();
        _delivery?.Dispose();
        _meters.Dispose();
    }

    private static AlertOptions Webhook() => new() { Webhooks = [new() { Url = "http://hook/in", Authorization = "Bearer secret" }] };

    private Task StartAsync(AlertOptions options)
    {
        _delivery = new AlertDelivery(
            _announcer, _receiver, Options.Create(options), new DeliveryMeters(_meters.GetRequiredService<IMeterFactory>()), _clock, NullLogger<AlertDelivery>.Instance);
        return _delivery.StartAsync(default);
    }

    private Task UntilAsync(Func<bool> condition) => Eventually.True(() =>
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });
}
