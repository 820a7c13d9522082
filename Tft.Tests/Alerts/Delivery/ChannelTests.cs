using System.Net;
using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Inference.Alerts;
using Tft.Inference.Alerts.Delivery;

namespace Tft.Tests.Alerts.Delivery;

/// <summary>What a receiver finds in a message.</summary>
[Trait("Ring", "unit")]
public sealed class ChannelTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private readonly AlertReceiver _receiver = new();

    [Fact]
    public async Task Slack_OneAlert_IsItsReasonInOneLine()
    {
        var text = await SlackAsync(SomeAlerts.Firing("a"));
        Assert.Equal(":red_circle: *critical* ppml0001: memory reaches 95 % (critical) by p90 in 1 h 25 min", text);
    }

    [Fact]
    public async Task Slack_SeveralAlerts_HaveAHeadline()
    {
        var text = await SlackAsync(SomeAlerts.Firing("a"), SomeAlerts.Firing("b", "ppdb001", "warning"), SomeAlerts.Resolved("c", "ppweb01"));
        Assert.Equal(["*1 critical, 1 warning, 1 resolved: ppml0001, ppdb001, ppweb01*", ":red_circle:", ":large_orange_circle:", ":white_check_mark:"], text.Split('\n').Select((l, i) => i == 0 ? l : l.Split(' ')[0]));
        Assert.Contains("mem_used_pct is no longer critical after 1 h 12 min", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slack_AHostileName_IsNoLinkAndNoMention()
    {
        var text = await SlackAsync(SomeAlerts.Firing("a", "<!channel> <http://evil|x>&\n*bold*"));
        Assert.DoesNotContain('<', text);
        Assert.DoesNotContain('\n', text);
        Assert.Contains("&lt;!channel&gt; &lt;http://evil|x&gt;&amp;", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slack_MoreThanAMessageHolds_SaysHowManyMore()
    {
        var text = await SlackAsync([.. Enumerable.Range(0, 100).Select(i => SomeAlerts.Firing($"a{i}", new string('n', 200)))]);
        Assert.InRange(text.Length, 3000, 4000);
        var lines = text.Split('\n');
        Assert.Equal($"… and {100 - (lines.Length - 2)} more", lines[^1]);
    }

    [Fact]
    public async Task PagerDuty_FiringAndResolved_AreOneIncident()
    {
        var channel = new PagerDutyChannel(new PagerDutyOptions { RoutingKey = Key, Url = "http://pager/v2/enqueue" }, new AlertPost(_receiver));
        await channel.SendAsync(new AlertGroup([SomeAlerts.Firing("01J9Z")], "k1"), default);
        await channel.SendAsync(new AlertGroup([SomeAlerts.Resolved("01J9Z")], "k2"), default);

        var (trigger, resolve) = (Body(0), Body(1));
        Assert.Equal((Key, "trigger", "01J9Z"), (Text(trigger, "routing_key"), Text(trigger, "event_action"), Text(trigger, "dedup_key")));
        Assert.Equal(("resolve", "01J9Z", false), (Text(resolve, "event_action"), Text(resolve, "dedup_key"), resolve.TryGetProperty("payload", out _)));
        var payload = trigger.GetProperty("payload");
        Assert.Equal(
            ("ppml0001: memory reaches 95 % (critical) by p90 in 1 h 25 min", "ppml0001", "critical", "mem_used_pct", "forecast_critical"),
            (Text(payload, "summary"), Text(payload, "source"), Text(payload, "severity"), Text(payload, "component"), Text(payload, "class")));
        Assert.Equal(74, payload.GetProperty("custom_details").GetProperty("risk_score").GetDouble());
    }

    [Fact]
    public void Name_AnAddressWithASecret_HoldsTheHostOnly()
    {
        var post = new AlertPost(_receiver);
        IAlertChannel[] channels =
        [
            new SlackChannel(new SlackOptions { Url = "https://hooks.slack.com/services/T0/B0/secret" }, post),
            new WebhookChannel(new WebhookOptions { Url = "https://user:secret@example.org:8443/secret?key=secret" }, post),
            new PagerDutyChannel(new PagerDutyOptions { RoutingKey = Key }, post),
            new MailChannel(new MailOptions { Host = "mail.example.org", User = "u", Password = "secret" }, TimeProvider.System),
        ];
        Assert.Equal(["slack hooks.slack.com", "webhook example.org:8443", "pagerduty events.pagerduty.com", "mail mail.example.org"], channels.Select(c => c.Name));
    }

    [Fact]
    public void Validate_EveryFault_IsSaidByItsKeyAndNoSecretIs()
    {
        var options = new AlertOptions
        {
            Webhooks = [new() { Url = "ftp://secret" }],
            Slack = [new() { Url = "secret", Severity = "loud" }],
            PagerDuty = [new() { RoutingKey = "secret" }],
            Mail = [new() { Port = 465, From = "nobody", To = ["x y"], User = "u" }, new() { Host = "mail.example.org", StartTls = false, User = "u", Password = "secret", From = "a@example.org", To = { "b@example.org" } }],
            PostsPerMinute = 0,
        };

        var failures = new AlertOptionsValidator().Validate(null, options).Failures!.ToList();

        string[] keys = ["Webhooks:0:Url", "Slack:0:Severity", "Slack:0:Url", "PagerDuty:0:RoutingKey", "Mail:0:Host", "Mail:0:Port", "Mail:0:From", "Mail:0:To:0", "Mail:0:Password", "Mail:1:StartTls", "PostsPerMinute"];
        Assert.Equal(keys.Length, failures.Count);
        Assert.All(keys, key => Assert.Single(failures, f => f.StartsWith($"Tft:Alerts:{key} ", StringComparison.Ordinal)));
        Assert.DoesNotContain(failures, f => f.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, true)]
    [InlineData(HttpStatusCode.RequestTimeout, true)]
    [InlineData(HttpStatusCode.ServiceUnavailable, true)]
    [InlineData(HttpStatusCode.BadRequest, false)]
    [InlineData(HttpStatusCode.Forbidden, false)]
    [InlineData(HttpStatusCode.NotFound, false)]
    public async Task Post_AFailure_IsRetriedWhereThatMayHelp(HttpStatusCode status, bool again)
    {
        _receiver.Answer = (_, _) => new(status);
        var outcome = await new AlertPost(_receiver).SendAsync("http://hook/in", [], "k", authorization: null, default);
        Assert.Equal(($"status {(int)status}", again), (outcome.Failure, outcome.MayRetry));
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private JsonElement Body(int post) => JsonDocument.Parse(_receiver.Posts[post].Body).RootElement;

    private async Task<string> SlackAsync(params AlertInfo[] alerts)
    {
        var outcome = await new SlackChannel(new SlackOptions { Url = "http://slack/T/B/x" }, new AlertPost(_receiver)).SendAsync(new AlertGroup(alerts, "k"), default);
        Assert.Null(outcome.Failure);
        return Text(Body(0), "text")!;
    }
}
