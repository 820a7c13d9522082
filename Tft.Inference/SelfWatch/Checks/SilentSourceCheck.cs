using System.Globalization;
using Tft.Inference.Windows;

namespace Tft.Inference.SelfWatch.Checks;

/// <summary>A source that has not pushed for many of its usual pauses. One that is given up is forgotten after a day.</summary>
internal sealed class SilentSourceCheck(SelfWatchOptions options, IIngestStatus ingest) : ISystemCheck
{
    private static readonly TimeSpan s_least = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan s_forgotten = TimeSpan.FromDays(1);

    public string Rule => "system_source_silent";

    public TimeSpan For => TimeSpan.Zero;

    public IEnumerable<SystemReading> Read(DateTimeOffset now)
    {
        if (options.SilentIntervals == 0)
            yield break;
        foreach (var source in ingest.Sources)
        {
            // one push has no pause to judge the next by
            if (source.PauseS is not { } pause)
                continue;
            var silent = now - source.LastPush;
            var limit = TimeSpan.FromSeconds(Math.Max(s_least.TotalSeconds, pause * options.SilentIntervals));
            if (silent > s_forgotten)
                continue;
            yield return new SystemReading(source.Name, silent > limit, silent.TotalSeconds, limit.TotalSeconds, string.Create(
                CultureInfo.InvariantCulture,
                $"{source.Name} has sent nothing for {Words(silent)}; it uses to send every {Words(TimeSpan.FromSeconds(pause))}. Its servers' forecasts grow old"));
        }
    }

    private static string Words(TimeSpan time) => time.TotalSeconds < 100 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, time.TotalSeconds):0} s") : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min");
}
