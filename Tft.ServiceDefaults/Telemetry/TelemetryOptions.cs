using Microsoft.Extensions.Options;

namespace Tft.ServiceDefaults.Telemetry;

/// <summary>Section <c>Tft:Telemetry</c>: what the SDK's own OTEL_* settings do not cover.</summary>
internal sealed class TelemetryOptions
{
    public const string Section = "Tft:Telemetry";

    /// <summary>The longest that a stop waits for the collector to take what is still held. An AppHost kills what has not ended after 6 s.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(2);
}

internal sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
        => options.FlushTimeout >= TimeSpan.Zero && options.FlushTimeout <= s_longest
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{TelemetryOptions.Section}:FlushTimeout must be between 00:00:00 and {s_longest}, is {options.FlushTimeout}.");
}
