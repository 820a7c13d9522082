using Tft.Contract.Servers;

namespace Tft.Adapters.Simulation.Days;

/// <summary>
/// How busy a profile is at a time of the week, as a factor about 1 on the weekly mean: the shape that every metric of the server follows.
/// </summary>
internal static class ActivityShape
{
    private const double Day = 86400;

    /// <param name="profile">Kind of work.</param>
    /// <param name="jobs">The server's own stream, for jobs that have no fixed hour.</param>
    /// <param name="local">Seconds since the Unix epoch in the fleet's local time.</param>
    /// <param name="jobTime">The same, by which these jobs are drawn.</param>
    public static double At(ServerProfile profile, ulong jobs, double local, double jobTime)
    {
        var day = (long)Math.Floor(local / Day);
        var hour = (local - (day * Day)) / 3600;
        // Day 0 of the epoch was a Thursday; 0 is Monday here.
        var weekday = (int)(((day + 3) % 7 + 7) % 7);
        var weekend = WeekendShare(weekday, hour);
        return profile switch
        {
            ServerProfile.WebApi => Blend(0.45 + (1.05 * Hump(hour, 10.7, 2.6)) + (1.0 * Hump(hour, 15.2, 3.0)) + (0.35 * Hump(hour, 20.5, 2.0)), 0.45 + (0.4 * Hump(hour, 17, 5)), weekend),
            ServerProfile.Database => Blend(0.79 + (0.40 * Hump(hour, 11, 2.8)) + (0.34 * Hump(hour, 15.5, 3)) + (0.42 * Hump(hour, 2.5, 1.2)), 0.72 + (0.18 * Hump(hour, 17, 5)) + (0.42 * Hump(hour, 2.5, 1.2)), weekend),
            ServerProfile.ConductorMgmt => Blend(0.65 + (0.9 * Hump(hour, 12.5, 4.5)) + (0.4 * Hump(hour, 1.5, 1)), 0.6 + (0.3 * Hump(hour, 1.5, 1)), weekend),
            ServerProfile.DataIngest => 0.79 + (0.66 * Hump(hour, 3, 2.2)) + (0.2 * Hump(hour, 13, 4)) + HourlyBurst(hour, 0.3) - (0.1 * weekend),
            ServerProfile.RiskAnalytics => Blend(0.9 + (0.22 * Hump(hour, 8.5, 1.5)) + (0.42 * Hump(hour, 17.5, 2.4)) + (0.12 * Hump(hour, 22.5, 1.5)), 0.82, weekend),
            ServerProfile.MlCompute => Job(jobs, jobTime, 3.2 * 3600) * (1 - (0.15 * weekend)),
            _ => 0.85 + (0.25 * Hump(hour, 13, 4)) + HourlyBurst(hour, 0.35),
        };
    }

    private static double Blend(double work, double rest, double weekend) => work + ((rest - work) * weekend);

    /// <summary>1 on Saturday and Sunday, with a soft edge of two hours, so that no step shows at midnight.</summary>
    private static double WeekendShare(int weekday, double hour) => weekday switch
    {
        5 => Math.Min(1, 0.5 + (hour / 4)),
        6 => Math.Min(1, 0.5 + ((24 - hour) / 4)),
        4 when hour > 22 => (hour - 22) / 4,
        0 when hour < 2 => (2 - hour) / 4,
        _ => 0,
    };

    /// <summary>A bell over the hours of a day that wraps at midnight.</summary>
    private static double Hump(double hour, double centre, double width)
    {
        var d = Math.Abs(hour - centre);
        d = Math.Min(d, 24 - d) / width;
        return Math.Exp(-0.5 * d * d);
    }

    /// <summary>Hourly batches: eight minutes at the full hour.</summary>
    private static double HourlyBurst(double hour, double height)
    {
        var minute = (hour - Math.Floor(hour)) * 60;
        return minute < 8 ? height * Math.Sin(Math.PI * minute / 8) : 0;
    }

    /// <summary>Long jobs that start and stop at their own hours: a level per slot, and five minutes to change.</summary>
    private static double Job(ulong stream, double seconds, double slot)
    {
        var n = (long)Math.Floor(seconds / slot);
        var start = (n + Chance.Uniform(stream, n, -0.3, 0.3)) * slot;
        if (seconds < start)
            start = (--n + Chance.Uniform(stream, n, -0.3, 0.3)) * slot;
        var blend = Math.Clamp((seconds - start) / 300, 0, 1);
        return Level(stream, n - 1) + ((Level(stream, n) - Level(stream, n - 1)) * blend);
    }

    /// <summary>One slot in three is idle, the others work at their own intensity; mean about 1.</summary>
    private static double Level(ulong stream, long slot)
    {
        var u = Chance.Uniform(stream + 7, slot);
        return u < 0.3 ? 0.25 + (0.3 * u) : 0.9 + (0.7 * (u - 0.3) / 0.7);
    }
}
