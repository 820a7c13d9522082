using Microsoft.Extensions.Options;

namespace Tft.Inference.Alerts;

/// <summary>Section <c>Tft:Alerts</c>.</summary>
internal sealed class AlertOptions
{
    public const string Section = "Tft:Alerts";

    /// <summary>Where alerts are posted as JSON; empty for none.</summary>
    public List<WebhookOptions> Webhooks { get; init; } = [];

    /// <summary>Posts a minute at most; what is beyond goes out together with the next one.</summary>
    public int PostsPerMinute { get; init; } = 30;
}

internal sealed class WebhookOptions
{
    public string Url { get; init; } = "";

    /// <summary>Sent as the header Authorization; never logged.</summary>
    public string? Authorization { get; init; }
}

internal sealed class AlertOptionsValidator : IValidateOptions<AlertOptions>
{
    public ValidateOptionsResult Validate(string? name, AlertOptions options)
    {
        var failures = new List<string>();
        for (var i = 0; i < options.Webhooks.Count; i++)
        {
            if (!Uri.TryCreate(options.Webhooks[i].Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                failures.Add($"{AlertOptions.Section}:Webhooks:{i}:Url must be an absolute http or https URL.");
        }

        if (options.PostsPerMinute is < 1 or > 600)
            failures.Add($"{AlertOptions.Section}:PostsPerMinute must be between 1 and 600, is {options.PostsPerMinute}.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
