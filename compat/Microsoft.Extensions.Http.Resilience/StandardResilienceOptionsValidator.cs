using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>The package refuses pipelines whose timeouts contradict each other; so does this.</summary>
internal sealed class StandardResilienceOptionsValidator(string name) : IValidateOptions<HttpStandardResilienceOptions>
{
    public ValidateOptionsResult Validate(string? optionsName, HttpStandardResilienceOptions options)
    {
        if (optionsName != name) return ValidateOptionsResult.Skip;

        var failures = new List<string>();
        var attempt = options.AttemptTimeout.Timeout;
        if (options.TotalRequestTimeout.Timeout < attempt)
            failures.Add($"{name}: TotalRequestTimeout ({options.TotalRequestTimeout.Timeout}) is less than AttemptTimeout ({attempt}).");
        if (options.CircuitBreaker.SamplingDuration < 2 * attempt)
            failures.Add($"{name}: CircuitBreaker.SamplingDuration ({options.CircuitBreaker.SamplingDuration}) is less than twice AttemptTimeout ({attempt}).");

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
