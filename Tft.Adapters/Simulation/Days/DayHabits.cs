namespace Tft.Adapters.Simulation.Days;

/// <summary>
/// How much alike the days of a server are. Without habits everything wanders. A server with habits has a tighter one: less noise, a day that is steeper and shifted, jobs at
/// fixed times that come at the same minutes each day, perhaps a level by the hour; as a whole it may drift from day to day. So that what learns from a fleet sees servers whose
/// yesterday comes again beside those whose does not.
/// </summary>
internal sealed class DayHabits
{
    private const double Day = 86400;
    private const double Drift = 2 * Day;

    private readonly ulong _drifts;
    private readonly double _drift;
    private readonly double _shift;
    private readonly double _steepness = 1;
    private readonly double _hold;
    private readonly bool _timetable;
    private readonly Job[] _jobs = [];

    private DayHabits()
    {
    }

    private DayHabits(ulong own)
    {
        _drifts = Chance.Stream(own, 1);
        Noise = Math.Exp(Chance.Uniform(own, 2, Math.Log(0.04), Math.Log(0.7)));
        _drift = Chance.Uniform(own, 3) < 0.4 ? 0 : Chance.Uniform(own, 4, 0.01, 0.12);
        _shift = Math.Floor(Chance.Uniform(own, 5, 0, 24)) * 3600;
        _steepness = Chance.Uniform(own, 6, 0.6, 2.2);
        _hold = Chance.Uniform(own, 7) < 0.2 ? 3600 * Math.Pow(2, Math.Floor(Chance.Uniform(own, 8, 0, 3))) : 0;
        _timetable = Chance.Uniform(own, 9) < 0.6;
        var jobs = Chance.Uniform(own, 10) < 0.5 ? 0 : 1 + (int)(Chance.Uniform(own, 11) * 5);
        _jobs = [.. Enumerable.Range(0, jobs).Select(j => Job.Of(Chance.Stream(own, 20 + j)))];
    }

    /// <summary>Everything wanders.</summary>
    public static DayHabits None { get; } = new();

    /// <summary>Factor on what wanders and on the noise from sample to sample.</summary>
    public double Noise { get; } = 1;

    /// <param name="own">The server's own stream.</param>
    /// <param name="share">Share of the servers that have habits.</param>
    public static DayHabits Of(ulong own, double share) => Chance.Uniform(own, 0) < share ? new DayHabits(own) : None;

    /// <summary>The time of the week whose shape holds at this one.</summary>
    public double Time(double local)
    {
        var time = local + _shift;
        return _hold > 0 ? (Math.Floor(time / _hold) + 0.5) * _hold : time;
    }

    /// <summary>The time by which jobs without a fixed hour are drawn: by a timetable they are every day's.</summary>
    public double JobTime(double time) => _timetable ? time - (Math.Floor(time / Day) * Day) : time;

    /// <summary>The activity of a server whose profile has this one.</summary>
    public double Activity(double shape, double seconds, double local)
    {
        if (ReferenceEquals(this, None))
            return shape;
        var activity = Math.Pow(Math.Max(0, shape), _steepness);
        foreach (var job in _jobs)
            activity += job.At(local);
        return activity * Math.Exp(_drift * Wander.At(_drifts, seconds, Drift));
    }

    /// <summary>Work that is done at the same minutes of each day.</summary>
    private sealed record Job(double Period, double Start, double Length, double Height, bool Sudden)
    {
        private static readonly double[] s_hours = [1, 2, 4, 6, 12, 24, 24, 24];

        public static Job Of(ulong own)
        {
            var period = 3600 * s_hours[(int)(Chance.Uniform(own, 0) * s_hours.Length)];
            return new Job(period, Chance.Uniform(own, 1) * period, Chance.Uniform(own, 2, 240, 2700), Chance.Uniform(own, 3, 0.1, 1), Chance.Uniform(own, 4) < 0.5);
        }

        public double At(double local)
        {
            var since = local - Start;
            since -= Math.Floor(since / Period) * Period;
            return since >= Length ? 0 : Sudden ? Height : Height * Math.Sin(Math.PI * since / Length);
        }
    }
}
