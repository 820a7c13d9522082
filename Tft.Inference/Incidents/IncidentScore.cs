using Tft.Contract.Time;
using Tft.Inference.Risk;

namespace Tft.Inference.Incidents;

/// <summary>What alarms of one level and source were worth.</summary>
internal static class IncidentScore
{
    /// <summary>A quiet origin has no incident that begins within the horizon.</summary>
    private const long HorizonSeconds = (long)TimeGrid.HorizonSteps * TimeGrid.StepSeconds;

    /// <summary>
    /// Seconds after the end in which alarms are excused: the simulator's longest recovery and the bucket in which it ends.
    /// </summary>
    public const long RecoverySeconds = 900 + TimeGrid.StepSeconds;

    /// <summary>One row per kind that has incidents within the tracks: those whose first sign and start have origins around them.</summary>
    public static IReadOnlyList<KindScore> Kinds(IReadOnlyList<AlarmTrack> tracks, IReadOnlyList<TrueIncident> incidents, RiskLevel level, AlarmSource source)
    {
        var byServer = tracks.Where(t => t.Seconds.Length > 0).ToDictionary(t => t.Server, StringComparer.Ordinal);
        return
        [
            .. incidents
                .Where(i => byServer.TryGetValue(i.ServerName, out var t) && t.Seconds[0] <= Unix(i.PrecursorStart) && Unix(i.Start) <= t.Seconds[^1])
                .GroupBy(i => i.Group)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => Score(g.Key, [.. g.Select(i => See(byServer[i.ServerName], i, level, source))])),
        ];
    }

    /// <summary>
    /// What was announced where no incident is near, each announcement once: two metrics of a server are two, and so is one that comes back. The share is that of
    /// the origins at which an announced alert stood.
    /// </summary>
    public static QuietScore Quiet(OperatorRecord log, IReadOnlyList<TrueIncident> incidents, RiskLevel level, AlarmSource source)
    {
        var byServer = incidents.ToLookup(i => i.ServerName, StringComparer.Ordinal);
        return Quiet(log.Tracks, incidents, level, source) with
        {
            FalseAlarms = log.Announced.Count(a => a.Alarms.Has(level, source) && !byServer[a.Server].Any(incident => IsNear(incident, a.Seconds))),
        };
    }

    /// <summary>
    /// Announcements of forecasts, and how many of them came true: the level was measured on the server within eight hours, whatever was or was not an incident.
    /// </summary>
    public static (int Announced, int CameTrue) Outcomes(OperatorRecord log, RiskLevel level)
    {
        var byServer = log.Tracks.ToDictionary(t => t.Server, StringComparer.Ordinal);
        var alerts = log.Announced.Where(a => a.Alarms.Has(level, AlarmSource.ForecastAlert)).ToList();
        return (alerts.Count, alerts.Count(a => CameTrue(byServer[a.Server], a)));

        bool CameTrue(AlarmTrack track, AnnouncedAlert alert)
        {
            // a critical alert counts at warning too, but it has said critical
            var said = alert.Alarms.Has(RiskLevel.Critical, AlarmSource.ForecastAlert) ? RiskLevel.Critical : level;
            for (var i = 0; i < track.Seconds.Length; i++)
            {
                if (track.Seconds[i] >= alert.Seconds && track.Seconds[i] <= alert.Seconds + HorizonSeconds && track.Alarms[i].Has(said, AlarmSource.Measured))
                    return true;
            }

            return false;
        }
    }

    /// <summary>Alarms at origins without an incident near; contiguous ones are one.</summary>
    public static QuietScore Quiet(IReadOnlyList<AlarmTrack> tracks, IReadOnlyList<TrueIncident> incidents, RiskLevel level, AlarmSource source)
    {
        var byServer = incidents.ToLookup(i => i.ServerName, StringComparer.Ordinal);
        var (origins, alarmed, runs, days) = (0, 0, 0, 0.0);
        foreach (var track in tracks)
        {
            var apart = track.Seconds.Length < 2 ? 0 : track.Seconds.Zip(track.Seconds.Skip(1), static (a, b) => b - a).Min();
            var before = false;
            for (var i = 0; i < track.Seconds.Length; i++)
            {
                if (byServer[track.Server].Any(incident => IsNear(incident, track.Seconds[i])))
                {
                    before = false;
                    continue;
                }

                var now = track.Alarms[i].Has(level, source);
                origins++;
                days += apart / 86400.0;
                alarmed += now ? 1 : 0;
                runs += now && !before ? 1 : 0;
                before = now;
            }
        }

        return new QuietScore(days, runs, origins == 0 ? 0 : (double)alarmed / origins);
    }

    private static bool IsNear(TrueIncident incident, long seconds) =>
        seconds >= Math.Min(Unix(incident.PrecursorStart), Unix(incident.Start) - HorizonSeconds) && seconds <= Unix(incident.End) + RecoverySeconds;

    private static Seen See(AlarmTrack track, TrueIncident incident, RiskLevel level, AlarmSource source)
    {
        var (first, start, end) = (Unix(incident.PrecursorStart), Unix(incident.Start), Unix(incident.End) + RecoverySeconds);
        double? lead = null;
        var (stood, reached) = (false, false);
        for (var i = 0; i < track.Seconds.Length && track.Seconds[i] <= end; i++)
        {
            var seconds = track.Seconds[i];
            var alarm = track.Alarms[i].Has(level, source);
            if (seconds < first)
                stood = alarm;
            else if (seconds < start && alarm)
                lead ??= (start - seconds) / 60.0;
            reached |= seconds >= first && track.Alarms[i].Has(level, AlarmSource.Measured);
        }

        return new Seen(lead, lead is not null && stood, reached);
    }

    private static KindScore Score(string kind, Seen[] seen)
    {
        double[] leads = [.. seen.Where(s => s.Lead is not null).Select(s => s.Lead!.Value).Order()];
        return new KindScore(kind, seen.Length, seen.Count(s => s.Reached), leads.Length, seen.Count(s => s.Stood), (double)leads.Length / seen.Length,
            Quantile(leads, 0.25), Quantile(leads, 0.5), Quantile(leads, 0.75));
    }

    /// <summary>Linear between the ranks; null of nothing.</summary>
    private static double? Quantile(double[] ordered, double share)
    {
        if (ordered.Length == 0)
            return null;
        var at = share * (ordered.Length - 1);
        var low = (int)at;
        return ordered[low] + ((at - low) * (ordered[Math.Min(low + 1, ordered.Length - 1)] - ordered[low]));
    }

    private static long Unix(DateTimeOffset time) => time.ToUnixTimeSeconds();

    /// <summary>How one incident was seen.</summary>
    /// <param name="Lead">Minutes from the first alarm at or after the first sign to the start; null: none.</param>
    /// <param name="Stood">That alarm was no news: it stood when the first sign came.</param>
    /// <param name="Reached">The level was measured between the first sign and the end of recovery.</param>
    private readonly record struct Seen(double? Lead, bool Stood, bool Reached);
}
