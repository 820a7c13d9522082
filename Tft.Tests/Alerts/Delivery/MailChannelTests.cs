using System.Text;
using Tft.Contract.Messages;
using Tft.Inference.Alerts.Delivery;

namespace Tft.Tests.Alerts.Delivery;

[Trait("Ring", "component")]
public sealed class MailChannelTests : IDisposable
{
    private readonly SmtpDouble _server = new();

    [Fact]
    public async Task Send_AGroup_IsOneMessageToAll()
    {
        var outcome = await SendAsync(Channel(), SomeAlerts.Firing("a"), SomeAlerts.Resolved("b", "ppdb001"));

        Assert.Null(outcome.Failure);
        Assert.Equal(["MAIL FROM:<tft@example.org>", "RCPT TO:<one@example.org>", "RCPT TO:<two@example.org>"], _server.Commands.Where(c => c.Contains(':', StringComparison.Ordinal)));
        var (head, body) = Split(_server.Messages.Single());
        Assert.Contains("Auto-Submitted: auto-generated", head, StringComparison.Ordinal);
        Assert.Contains("Subject: [Tft] 1 critical, 1 resolved: ppml0001, ppdb001", head, StringComparison.Ordinal);
        Assert.Contains("CRITICAL  ppml0001: memory reaches 95 % (critical) by p90 in 1 h 25 min", body, StringComparison.Ordinal);
        Assert.Contains("RESOLVED  ppdb001: mem_used_pct is no longer critical after 1 h 12 min", body, StringComparison.Ordinal);
        Assert.Contains("since 2026-03-01 06:00 UTC, risk 74, rule forecast_critical, id a", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ANameWithLineBreaks_AddsNoHeaderAndNoLine()
    {
        var outcome = await SendAsync(Channel(), SomeAlerts.Firing("a", "evil\r\nBcc: all@example.org\r\n\r\n.\r\nQUIT"));

        Assert.Null(outcome.Failure);
        Assert.Equal(2, _server.Commands.Count(c => c.StartsWith("RCPT", StringComparison.Ordinal)));
        var (head, body) = Split(Assert.Single(_server.Messages));
        Assert.DoesNotContain(head.Split('\n'), line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("evil  Bcc: all@example.org", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ServerOffersNoTls_SendsNothingInTheClear()
    {
        var outcome = await SendAsync(Channel(tls: true, user: "u"), SomeAlerts.Firing("a"));

        Assert.NotNull(outcome.Failure);
        Assert.Empty(_server.Messages);
        Assert.DoesNotContain(_server.Commands, c => c.StartsWith("AUTH", StringComparison.Ordinal) || c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_WithAUser_LogsIn()
    {
        Assert.Null((await SendAsync(Channel(user: "operator"), SomeAlerts.Firing("a"))).Failure);
        Assert.Contains($"AUTH login {Convert.ToBase64String(Encoding.UTF8.GetBytes("operator"))}", _server.Commands, StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("550 no such user", false)]
    [InlineData("451 later", true)]
    public async Task Send_Refused_IsRetriedWhereThatMayHelp(string answer, bool again)
    {
        _server.Answers["MAIL"] = answer;
        var outcome = await SendAsync(Channel(), SomeAlerts.Firing("a"));
        Assert.Equal(again, outcome.MayRetry);
        Assert.NotNull(outcome.Failure);
    }

    [Fact]
    public async Task Send_NoServer_MayBeRetried()
    {
        _server.Dispose();
        var outcome = await SendAsync(Channel(), SomeAlerts.Firing("a"));
        Assert.True(outcome is { Failure: not null, MayRetry: true });
    }

    public void Dispose() => _server.Dispose();

    private static Task<DeliveryOutcome> SendAsync(MailChannel channel, params AlertInfo[] alerts) => channel.SendAsync(new AlertGroup(alerts, "k"), default);

    private static (string Head, string Body) Split(string message)
    {
        var at = message.IndexOf("\n\n", StringComparison.Ordinal);
        var (head, body) = (message[..at], message[(at + 2)..]);
        if (head.Contains("base64", StringComparison.Ordinal))
            body = Encoding.UTF8.GetString(Convert.FromBase64String(body.ReplaceLineEndings("")));
        else if (head.Contains("quoted-printable", StringComparison.Ordinal))
            body = body.Replace("=\n", "", StringComparison.Ordinal).Replace("=0D=0A", "\n", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        return (head, body);
    }

    private MailChannel Channel(bool tls = false, string? user = null) => new(new MailOptions
    {
        Host = "127.0.0.1", Port = _server.Port, StartTls = tls, User = user, Password = user is null ? null : "secret",
        From = "tft@example.org", To = ["one@example.org", "two@example.org"],
    }, TimeProvider.System);
}
