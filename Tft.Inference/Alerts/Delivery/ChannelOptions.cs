namespace Tft.Inference.Alerts.Delivery;

/// <summary>What goes out on a channel.</summary>
internal abstract class ChannelOptions
{
    /// <summary>The mildest severity that goes out: warning or critical.</summary>
    public string Severity { get; init; } = "warning";

    /// <summary>Whether the end of an alert goes out, too.</summary>
    public bool Resolved { get; init; } = true;

    public bool Wants(string severity, string state) =>
        (Severity != "critical" || severity == "critical") && (Resolved || state != "resolved");
}

/// <summary>Any receiver of JSON: a group is posted as the body of GET /alerts/active.</summary>
internal sealed class WebhookOptions : ChannelOptions
{
    public string Url { get; init; } = "";

    /// <summary>Sent as the header Authorization; never logged.</summary>
    public string? Authorization { get; init; }
}

/// <summary>An incoming webhook of Slack, or of what speaks its format (Mattermost, Rocket.Chat).</summary>
internal sealed class SlackOptions : ChannelOptions
{
    /// <summary>Holds a secret in its path; never logged.</summary>
    public string Url { get; init; } = "";
}

/// <summary>A service of PagerDuty, through its Events API v2.</summary>
internal sealed class PagerDutyOptions : ChannelOptions
{
    public const int KeyLength = 32;

    /// <summary>The integration key of 32 characters; never logged.</summary>
    public string RoutingKey { get; init; } = "";

    public string Url { get; init; } = "https://events.pagerduty.com/v2/enqueue";
}

/// <summary>E-mail over SMTP; TLS by STARTTLS.</summary>
internal sealed class MailOptions : ChannelOptions
{
    public string Host { get; init; } = "";
    public int Port { get; init; } = 587;

    /// <summary>Only a server on this machine should do without.</summary>
    public bool StartTls { get; init; } = true;

    /// <summary>Null: no login.</summary>
    public string? User { get; init; }

    /// <summary>Never logged.</summary>
    public string? Password { get; init; }

    public string From { get; init; } = "";
    public List<string> To { get; init; } = [];
}
