using Microsoft.Extensions.Options;

namespace Tft.Inference.Remediation;

/// <summary>Section <c>Tft:Remediation</c>.</summary>
internal sealed class RemediationOptions
{
    public const string Section = "Tft:Remediation";

    /// <summary>A file of runbooks of one's own, beside or in the place of those that come with the service; none when empty.</summary>
    public string? Runbooks { get; init; }

    /// <summary>Decisions that are kept; the oldest go first.</summary>
    public int Approvals { get; init; } = 2_000;
}

/// <summary>Reads the file of runbooks, so that what is wrong with it ends the start with one line each.</summary>
internal sealed class RemediationOptionsValidator : IValidateOptions<RemediationOptions>
{
    public ValidateOptionsResult Validate(string? name, RemediationOptions options)
    {
        var failures = new List<string>();
        if (options.Approvals is < 100 or > 20_000)
            failures.Add($"{RemediationOptions.Section}:{nameof(options.Approvals)} must be between 100 and 20000, is {options.Approvals}.");
        if (RunbookTable.Load(options.Runbooks, failures) is { All.IsEmpty: true } && failures.Count == 0)
            failures.Add($"{RemediationOptions.Section}:{nameof(options.Runbooks)}: {options.Runbooks} leaves no runbook.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
