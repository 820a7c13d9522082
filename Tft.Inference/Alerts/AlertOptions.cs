using Microsoft.Extensions.Options;
using Tft.Inference.Alerts.Delivery;

namespace Tft.Inference.Alerts;

/// <summary>Section <c>Tft:Alerts</c>.</summary>
internal sealed class AlertOptions
{
    public const string Section = "Tft:Alerts";

    /// <summary>Where alerts are posted as JSON; empty for none.</summary>
    public List<WebhookOptions> Webhooks { get; init; } = [];

    /// <summary>Incoming webhooks of Slack.</summary>
    public List<SlackOptions> Slack { get; init; } = [];

    /// <summary>Services of PagerDuty.</summary>
    public List<PagerDutyOptions> PagerDuty { get; init; } = [];

    /// <summary>E-mail.</summary>
    public List<MailOptions> Mail { get; init; } = [];

    /// <summary>Messages a minute and channel at most; what is beyond goes out together with the next one.</summary>
    public int PostsPerMinute { get; init; } = 30;

    /// <summary>Overrides of the rules, by name.</summary>
    public Dictionary<string, AlertRuleOptions> Rules { get; init; } = [];
}

internal sealed class AlertOptionsValidator : IValidateOptions<AlertOptions>
{
    public ValidateOptionsResult Validate(string? name, AlertOptions options)
    {
        var failures = ChannelRules.Faults(options).ToList();
        if (options.PostsPerMinute is < 1 or > 600)
            failures.Add($"{AlertOptions.Section}:PostsPerMinute must be between 1 and 600, is {options.PostsPerMinute}.");
        failures.AddRange(AlertRuleOptions.Faults(options.Rules));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
