using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tft.Contract.Messages;
using Tft.Inference.Alerts;
using Tft.Inference.Serving.Events;
using Tft.Tests.Infrastructure;
using Tft.Tests.Serving;

namespace Tft.Tests.Alerts;

[Trait("Ring", "component")]
public sealed class WebhookDeliveryTests : IDisposable
{
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _clock = new();
    private readonly Receiver _receiver = new();
    private readonly AlertAnnouncer _announcer;
    private readonly WebhookDelivery _delivery;

    public WebhookDeliveryTests()
    {
        var meters = _meters.GetRequiredService<IMeterFactory>();
        _announcer = new AlertAnnouncer(new EventHub(meters), meters, _clock, NullLogger<AlertAnnouncer>.Instance);
        var options = Options.Create(new AlertOptions { Webhooks = { new WebhookOptions { Url = "http://localhost/hook", Authorization = "Bearer secret" } } });
        _delivery = new WebhookDelivery(_announcer, _receiver, options, _clock, NullLogger<WebhookDelivery>.Instance);
    }

    [Fact]
    public async Task Deliver_ReceiverFailsTwice_TriesAgainWithTheSameKey()
    {
        _receiver.Failures = 2;
        _announcer.Announce(Alert("a1"));
        await _delivery.StartAsync(default);
        await UntilAsync(() => _receiver.Requests.Count == 3);
        Assert.Single(_receiver.Requests.Select(r => r.Key).Distinct());
        Assert.All(_receiver.Requests, r => Assert.Equal("Bearer secret", r.Authorization));
        var body = JsonDocument.Parse(_receiver.Requests[^1].Body).RootElement;
        Assert.Empty(JsonShape.Faults(JsonShape.Example("alerts.response.json"), body));
        Assert.Equal("a1", body.GetProperty("alerts")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Deliver_SeveralAtOnce_GoOutTogether()
    {
        for (var i = 0; i < 5; i++)
            _announcer.Announce(Alert($"a{i}"));
        await _delivery.StartAsync(default);
        await UntilAsync(() => _receiver.Requests.Count == 1);
        Assert.Equal(5, JsonDocument.Parse(_receiver.Requests[0].Body).RootElement.GetProperty("alerts").GetArrayLength());
    }

    [Fact]
    public async Task Deliver_ReceiverNeverAnswers_GivesUpAfterFourAndGoesOn()
    {
        _receiver.Failures = 4;
        _announcer.Announce(Alert("lost"));
        await _delivery.StartAsync(default);
        await UntilAsync(() => _receiver.Requests.Count == 4);
        _announcer.Announce(Alert("next"));
        await UntilAsync(() => _receiver.Requests.Count == 5);
        Assert.Contains("next", _receiver.Requests[4].Body, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _delivery.Dispose();
        _meters.Dispose();
    }

    private static AlertInfo Alert(string id) => new()
    {
        Id = id, Server = "s", Metric = "mem_used_pct", Rule = "measured_critical", State = "firing", Severity = "critical", RiskScore = 71,
        Since = DateTimeOffset.UnixEpoch, ExpectedAt = new ExpectedAt(null, null), Threshold = 95, Reasons = [],
    };

    private Task UntilAsync(Func<bool> condition) => Eventually.True(() =>
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });

    private sealed class Receiver : HttpMessageHandler, IHttpClientFactory
    {
        public int Failures { get; set; }

        public List<(string Key, string? Authorization, string Body)> Requests { get; } = [];

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            lock (Requests)
            {
                Requests.Add((request.Headers.GetValues("Idempotency-Key").Single(), request.Headers.Authorization?.ToString(), body));
                return new HttpResponseMessage(Requests.Count <= Failures ? HttpStatusCode.BadGateway : HttpStatusCode.OK);
            }
        }
    }
}
