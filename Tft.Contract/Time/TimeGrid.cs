namespace Tft.Contract.Time;

/// <summary>
/// The grid of the model: steps of five minutes in UTC, numbered from the Unix epoch.
/// Step n covers [n x 300 s, (n + 1) x 300 s) and is named by its start.
/// </summary>
public static class TimeGrid
{
    public const int StepSeconds = 300;

    /// <summary>Steps of a day, and of a window.</summary>
    public const int StepsPerDay = 288;

    /// <summary>Steps of a window: what a server needs to be ready.</summary>
    public const int WindowSteps = 288;

    /// <summary>Steps of the horizon: eight hours.</summary>
    public const int HorizonSteps = 96;

    public static TimeSpan Step { get; } = TimeSpan.FromSeconds(StepSeconds);

    public static long StepOf(long unixSeconds) => Math.DivRem(unixSeconds, StepSeconds) is var (q, r) && r < 0 ? q - 1 : unixSeconds / StepSeconds;

    public static long StepOf(DateTimeOffset time) => StepOf(time.ToUnixTimeSeconds());

    /// <summary>First second of a step, in Unix time.</summary>
    public static long StartSeconds(long step) => step * StepSeconds;

    public static DateTimeOffset StartOf(long step) => DateTimeOffset.FromUnixTimeSeconds(StartSeconds(step));
}
