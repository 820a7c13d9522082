using System.Net;
using System.Net.Mail;
using System.Text;
using Tft.Contract.Messages;

namespace Tft.Inference.Alerts.Delivery;

/// <summary>A group is one message: the headline is its subject, a paragraph for each alert its text.</summary>
internal sealed class MailChannel(MailOptions options, TimeProvider time) : IAlertChannel
{
    private const int SubjectLength = 150;
    private const int LineLength = 500;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public string Name { get; } = $"mail {options.Host}";

    public ChannelOptions Options => options;

    public int LargestGroup => 100;

    public async Task<DeliveryOutcome> SendAsync(AlertGroup group, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var client = new SmtpClient(options.Host, options.Port) { EnableSsl = options.StartTls };
            if (options.User is not null)
                client.Credentials = new NetworkCredential(options.User, options.Password);
            using var message = Message(group);
            await client.SendMailAsync(message, limit.Token);
            return DeliveryOutcome.Delivered;
        }
        catch (SmtpException e)
        {
            return new DeliveryOutcome(e.InnerException?.Message ?? e.Message, MayRetry: !IsFinal(e.StatusCode));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return new DeliveryOutcome(e is OperationCanceledException ? $"no answer within {s_patience.TotalSeconds} s" : e.Message);
        }
    }

    private MailMessage Message(AlertGroup group)
    {
        var message = new MailMessage
        {
            From = new MailAddress(options.From),
            Subject = AlertText.OneLine($"[Tft] {AlertText.Headline(group.Alerts)}", SubjectLength),
            SubjectEncoding = Encoding.UTF8,
            Body = string.Join("\r\n\r\n", group.Alerts.Select(Paragraph)) + "\r\n",
            BodyEncoding = Encoding.UTF8,
        };
        foreach (var address in options.To)
            message.To.Add(new MailAddress(address));
        // nobody's out-of-office answer is wanted, and repetitions can be told
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("X-Tft-Key", group.Key);
        return message;
    }

    private static string Paragraph(AlertInfo alert)
    {
        var lines = new List<string> { $"{(alert.State == "resolved" ? "RESOLVED" : alert.Severity.ToUpperInvariant())}  {AlertText.OneLine(AlertText.Of(alert), LineLength)}" };
        lines.AddRange(alert.Reasons.Skip(alert.State == "resolved" ? alert.Reasons.Count : 1).Select(r => $"  also {AlertText.OneLine(r.Text, LineLength)}"));
        lines.Add($"  since {alert.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC, risk {alert.RiskScore:0}, rule {alert.Rule}, id {alert.Id}");
        return string.Join("\r\n", lines);
    }

    /// <summary>Answers from 500 on are final by RFC 5321; what has no answer is not.</summary>
    private static bool IsFinal(SmtpStatusCode code) => (int)code is >= 500 and < 600;
}
