using Microsoft.Extensions.Options;

namespace Tft.Inference.SelfWatch;

/// <summary>Section <c>Tft:SelfWatch</c>. A limit of 0 switches its rule off.</summary>
internal sealed class SelfWatchOptions
{
    public const string Section = "Tft:SelfWatch";

    /// <summary>How often the service looks at itself.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Least share of the last day in which the service was up.</summary>
    public double Uptime { get; init; } = 0.99;

    /// <summary>The longest that a run of forecasts may take.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that the fleet may be short of a day's window, once it was warm.</summary>
    public TimeSpan Warmup { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Largest share of servers with a full window that the fallback forecasts.</summary>
    public double FallbackShare { get; init; } = 0.1;

    /// <summary>Largest share of feed requests that are refused, over five minutes.</summary>
    public double FailedPosts { get; init; } = 0.05;

    /// <summary>Least closed steps of all windows together, or what a day of the known servers comes to where that is less.</summary>
    public int WindowSteps { get; init; } = 1000;

    /// <summary>Least free share of the disk of the data directory.</summary>
    public double DiskFree { get; init; } = 0.1;

    /// <summary>A source is silent after so many of its usual pauses, six minutes at least: until then no bucket is lost.</summary>
    public int SilentIntervals { get; init; } = 10;
}

internal sealed class SelfWatchOptionsValidator : IValidateOptions<SelfWatchOptions>
{
    public ValidateOptionsResult Validate(string? name, SelfWatchOptions options)
    {
        var failures = new List<string>();
        if (options.Interval < TimeSpan.FromSeconds(1) || options.Interval > TimeSpan.FromMinutes(5))
            failures.Add($"{SelfWatchOptions.Section}:Interval must be between 00:00:01 and 00:05:00, is {options.Interval}.");
        foreach (var (key, share) in ((string, double)[])[("Uptime", options.Uptime), ("FallbackShare", options.FallbackShare), ("FailedPosts", options.FailedPosts), ("DiskFree", options.DiskFree)])
        {
            if (share is not (>= 0 and <= 1))
                failures.Add($"{SelfWatchOptions.Section}:{key} must be a share between 0 (off) and 1, is {share}.");
        }

        foreach (var (key, time) in ((string, TimeSpan)[])[("Latency", options.Latency), ("Warmup", options.Warmup)])
        {
            if (time < TimeSpan.Zero)
                failures.Add($"{SelfWatchOptions.Section}:{key} must not be negative, is {time}; 0 switches the rule off.");
        }

        foreach (var (key, count) in ((string, int)[])[("WindowSteps", options.WindowSteps), ("SilentIntervals", options.SilentIntervals)])
        {
            if (count < 0)
                failures.Add($"{SelfWatchOptions.Section}:{key} must not be negative, is {count}; 0 switches the rule off.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
