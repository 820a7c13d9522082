namespace Tft.Bench.Reporting;

/// <summary>
/// Waiting for another process. It sends no signal that could be awaited (a port that opens, a forecast that is published), so it is asked again and again; the
/// pause is short beside what is measured and long enough that asking costs nothing.
/// </summary>
internal static class Poll
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    public static Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(s_pause, cancellationToken);
}
