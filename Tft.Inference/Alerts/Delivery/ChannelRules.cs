using System.Net.Mail;

namespace Tft.Inference.Alerts.Delivery;

/// <summary>What has to hold for the channels of the settings; says every key that is wrong and never a value that is secret.</summary>
internal static class ChannelRules
{
    public static IEnumerable<string> Faults(AlertOptions options) =>
    [
        .. options.Webhooks.SelectMany((o, i) => Common(o, $"Webhooks:{i}").Concat(Url(o.Url, $"Webhooks:{i}:Url"))),
        .. options.Slack.SelectMany((o, i) => Common(o, $"Slack:{i}").Concat(Url(o.Url, $"Slack:{i}:Url"))),
        .. options.PagerDuty.SelectMany((o, i) => Common(o, $"PagerDuty:{i}").Concat(Url(o.Url, $"PagerDuty:{i}:Url")).Concat(RoutingKey(o, $"PagerDuty:{i}:RoutingKey"))),
        .. options.Mail.SelectMany((o, i) => Common(o, $"Mail:{i}").Concat(Mail(o, $"Mail:{i}"))),
    ];

    private static IEnumerable<string> Common(ChannelOptions options, string key)
    {
        if (options.Severity is not ("warning" or "critical"))
            yield return $"{AlertOptions.Section}:{key}:Severity must be warning or critical, is '{options.Severity}'.";
    }

    private static IEnumerable<string> Url(string text, string key)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return $"{AlertOptions.Section}:{key} must be an absolute http or https URL.";
    }

    private static IEnumerable<string> RoutingKey(PagerDutyOptions options, string key)
    {
        if (options.RoutingKey.Length != PagerDutyOptions.KeyLength)
            yield return $"{AlertOptions.Section}:{key} must be the integration key of a service with Events API v2, {PagerDutyOptions.KeyLength} characters, has {options.RoutingKey.Length}.";
    }

    private static IEnumerable<string> Mail(MailOptions options, string key)
    {
        if (options.Host.Length == 0)
            yield return $"{AlertOptions.Section}:{key}:Host must name the SMTP server.";
        if (options.Port is < 1 or > 65535)
            yield return $"{AlertOptions.Section}:{key}:Port must be between 1 and 65535, is {options.Port}.";
        if (options.Port == 465)
            yield return $"{AlertOptions.Section}:{key}:Port is 465, TLS from the first byte, which is not spoken here: use the server's STARTTLS port, usually 587.";
        if (!MailAddress.TryCreate(options.From, out _))
            yield return $"{AlertOptions.Section}:{key}:From must be an e-mail address, is '{options.From}'.";
        if (options.To.Count == 0)
            yield return $"{AlertOptions.Section}:{key}:To must name one address at least.";
        for (var i = 0; i < options.To.Count; i++)
        {
            if (!MailAddress.TryCreate(options.To[i], out _))
                yield return $"{AlertOptions.Section}:{key}:To:{i} must be an e-mail address, is '{options.To[i]}'.";
        }

        if (options.User is not null && options.Password is null)
            yield return $"{AlertOptions.Section}:{key}:Password is missing beside User.";
        if (options is { StartTls: false, User: not null } && !options.Host.StartsWith("127.", StringComparison.Ordinal) && options.Host is not ("localhost" or "::1"))
            yield return $"{AlertOptions.Section}:{key}:StartTls is false, and a password would cross the network in the clear: leave it on, or the user out.";
    }
}
