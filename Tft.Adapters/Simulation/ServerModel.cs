using Tft.Adapters.Simulation.Days;
using Tft.Adapters.Simulation.Incidents;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;

namespace Tft.Adapters.Simulation;

/// <summary>
/// One simulated server: <c>measure(t)</c> is a function of the seed, the scenario timeline and the time alone. Activity drives
/// everything; each metric adds its own level, coupling, noise and what incidents do to it.
/// </summary>
internal sealed class ServerModel
{
    /// <summary>How long a dependant takes to feel a database under stress.</summary>
    private const double LagLow = 180, LagHigh = 600;

    private readonly ProfileBaseline _base;
    private readonly ulong _noise;
    private readonly ulong _white;
    private readonly ulong _jobs;
    private readonly BootPlan _boots;
    private readonly double _size;
    private readonly double _memLevel;
    private readonly double _diskLevel;
    private readonly double _diskGrowth;
    private readonly double _cleanup;
    private readonly double _phase;
    private readonly double _lag;
    private readonly double _lot;
    private readonly IncidentKind _weakness;
    private readonly DayHabits _habits;
    private ServerModel[] _upstreams = [];

    public ServerModel(string name, ServerProfile profile, ulong seed, double incidentsPerSlot, double withHabits = 0)
    {
        Name = name;
        Profile = profile;
        _base = ProfileBaseline.Of(profile);
        var own = Chance.Stream(seed, name);
        _noise = Chance.Stream(own, 1);
        _white = Chance.Stream(own, 2);
        _jobs = Chance.Stream(own, 3);
        Gaps = new SamplingGaps(own);
        _boots = new BootPlan(own);
        Plan = new IncidentPlan(own, profile == ServerProfile.Database, incidentsPerSlot);
        _size = Math.Exp(0.16 * Chance.Normal(own, 20));
        _memLevel = Chance.Uniform(own, 21, -7, 7);
        _diskLevel = Chance.Uniform(own, 22, -8, 8);
        _diskGrowth = Chance.Uniform(own, 23, 0.15, 1.1);
        _cleanup = Chance.Uniform(own, 24, 0, 7 * 86400);
        _phase = Chance.Uniform(own, 25, -1500, 1500);
        _lag = Chance.Uniform(own, 26, LagLow, LagHigh);
        _lot = Chance.Uniform(own, 27);
        _habits = DayHabits.Of(Chance.Stream(own, 29), withHabits);
        _weakness = (IncidentKind)(int)(Chance.Uniform(own, 28) * (int)IncidentKind.Cascade);
    }

    public string Name { get; }

    public ServerProfile Profile { get; }

    public IncidentPlan Plan { get; }

    public SamplingGaps Gaps { get; }

    /// <summary>Seconds until a dependency's stress is felt here.</summary>
    public double Lag => _lag;

    /// <summary>The servers that this one depends on.</summary>
    public IReadOnlyList<ServerModel> Upstreams => _upstreams;

    public void DependOn(ServerModel[] upstreams) => _upstreams = upstreams;

    public bool IsDown(double seconds) => _boots.PhaseAt(seconds) == BootPhase.Down;

    /// <summary>All metrics at one time, unrounded.</summary>
    /// <param name="seconds">Unix time.</param>
    /// <param name="local">The same in the fleet's local time.</param>
    /// <param name="timeline">Scenarios.</param>
    /// <param name="white">Scale of the noise from sample to sample: 1 for samples, less for means of many.</param>
    /// <param name="values">[14] in the order of <see cref="Metric"/>.</param>
    /// <returns>How bad the worst incident is, 0..1.</returns>
    public double Measure(double seconds, double local, ScenarioTimeline timeline, double white, Span<double> values)
    {
        var effects = EffectsAt(seconds, timeline, out var worst);
        var time = _habits.Time(local + _phase);
        white *= _habits.Noise;
        var tick = (long)Math.Floor(seconds / 5);
        var activity = _habits.Activity(ActivityShape.At(Profile, _jobs, time, _habits.JobTime(time)), seconds, local) * _size * (1 - (0.7 * effects.Starved));
        var drift = _habits.Noise * Wander.Mixed(_noise, seconds);

        var (user, sys, wait) = Cpu(activity, drift, effects, seconds, white, tick);
        var busy = user + sys + wait;
        values[(int)Metric.CpuUser] = user;
        values[(int)Metric.CpuSys] = sys;
        values[(int)Metric.CpuIoWait] = wait;
        values[(int)Metric.CpuIdle] = 100 - busy;
        values[(int)Metric.JavaCpu] = Math.Clamp(_base.Java * (user / _base.User) * Math.Exp(0.06 * Wandering(8, seconds, 900)), 0, 100);

        var mem = Memory(activity, effects, seconds);
        values[(int)Metric.MemUsed] = mem;
        values[(int)Metric.SwapUsed] = Math.Clamp((_base.Swap * (1 + (0.25 * Wandering(9, seconds, 43200)))) + (Math.Max(0, mem - 88) * 3.2), 0, 100);
        values[(int)Metric.DiskUsage] = Disk(effects, seconds);

        var traffic = Math.Max(0.05, activity) * (1 + (5.5 * effects.Network));
        var flow = (0.2 * drift) + (0.15 * Wandering(10, seconds, 300));
        values[(int)Metric.NetIn] = _base.NetIn * traffic * Math.Exp(flow + (white * 0.18 * Chance.Normal(_white + 3, tick)) - 0.05);
        values[(int)Metric.NetOut] = _base.NetOut * traffic * Math.Exp((0.9 * flow) + (white * 0.18 * Chance.Normal(_white + 4, tick)) - 0.05);

        values[(int)Metric.BackCloseWait] = Count(_base.Back, activity, effects.Connections, 14, 11, _white + 5, seconds, white, tick);
        values[(int)Metric.FrontCloseWait] = Count(_base.Front, activity, effects.Connections, 9, 12, _white + 6, seconds, white, tick);

        var pull = busy / _base.Busy;
        var load = _base.Load * Math.Pow(pull, 1.15) * Math.Exp(0.1 * Wandering(13, seconds, 120));
        values[(int)Metric.LoadAverage] = load + (_base.Load * ((2.6 * effects.Io) + (1.4 * effects.Cpu)));
        values[(int)Metric.UptimeDays] = (seconds - _boots.LastBoot(seconds)) / 86400;
        return worst;
    }

    /// <summary>State by the book: boots first, then incidents, else null for "as the metrics say".</summary>
    public ServerState? StateAt(double seconds, double worst) => _boots.PhaseAt(seconds) switch
    {
        BootPhase.Maintenance => ServerState.Maintenance,
        BootPhase.Recovering => ServerState.Recovery,
        _ when worst > 0.75 => ServerState.CriticalIssue,
        _ when Plan.At(seconds) is { } incident && seconds > incident.End && seconds < incident.End + 1200 => ServerState.Recovery,
        _ => null,
    };

    private (double User, double Sys, double Wait) Cpu(double activity, double drift, in Effects effects, double seconds, double white, long tick)
    {
        var level = Math.Exp((0.13 * drift) - 0.008);
        var user = _base.User * activity * level * (1 + (white * 0.07 * Chance.Normal(_white, tick)));
        var sys = _base.Sys * (0.35 + (0.65 * activity)) * level * (1 + (white * 0.07 * Chance.Normal(_white + 1, tick)));
        var wait = _base.IoWait * (0.3 + (0.7 * activity)) * Math.Exp((0.28 * Wandering(7, seconds, 700)) + (white * 0.15 * Chance.Normal(_white + 2, tick)) - 0.04);
        // Capacity is planned: a healthy peak bends toward 86 %, and only what goes wrong goes beyond.
        var planned = Bent(user + sys + wait, 70, 16);
        user *= planned;
        sys *= planned;
        wait *= planned;
        var room = Math.Max(0, 97.5 - user - sys - wait);
        user += 0.8 * room * effects.Cpu;
        sys += 0.2 * room * effects.Cpu;
        wait += Math.Max(0, 62 - wait) * effects.Io;

        // A processor has 100 %: beyond 90 the parts share what is left, and never reach it.
        var scale = Bent(user + sys + wait, 90, 9.7);
        return (user * scale, sys * scale, wait * scale);
    }

    /// <summary>The factor that bends a sum beyond <paramref name="knee"/> smoothly toward knee + <paramref name="room"/>; 1 below it.</summary>
    private static double Bent(double sum, double knee, double room) =>
        sum <= knee ? 1 : (knee + (room * (1 - Math.Exp(-(sum - knee) / room)))) / sum;

    private double Wandering(ulong stream, double seconds, double period) => _habits.Noise * Wander.At(_noise + stream, seconds, period);

    private double Memory(double activity, in Effects effects, double seconds)
    {
        // Heaps grow until a collection: a saw of some hours, small beside the level.
        var heap = (seconds / 19000) + (_lot * 7);
        var mem = _base.Mem + _memLevel + (4.5 * (Math.Min(activity, 2) - 1)) + (1.8 * (heap - Math.Floor(heap)))
            + (1.1 * Wandering(6, seconds, 14400)) + (0.4 * Wandering( 5, seconds, 600));
        mem = Math.Clamp(mem, 3, 94);
        return mem + ((98.8 - mem) * effects.Mem);
    }

    private double Disk(in Effects effects, double seconds)
    {
        // Logs pile up through the week and are cleaned away within an hour.
        var week = (seconds + _cleanup) / (7 * 86400);
        var age = (week - Math.Floor(week)) * 7;
        var piled = age < 1.0 / 24 ? 7 * (1 - (age * 24)) : age;
        var disk = Math.Clamp(_base.Disk + _diskLevel + (_diskGrowth * (piled - 3.5)) + (0.05 * Wandering(4, seconds, 1800)), 1, 93);
        return disk + ((98 - disk) * effects.Disk);
    }

    /// <summary>A count about its mean with the spread of a Poisson process; whole and never negative.</summary>
    private double Count(double mean, double activity, double leak, double leakFactor, ulong slow, ulong fast, double seconds, double white, long tick)
    {
        var level = (mean * (0.4 + (0.6 * activity)) * Math.Exp(0.15 * Wandering(slow, seconds, 1800))) + (mean * leakFactor * leak);
        return Math.Max(0, Math.Round(level + (0.5 * white * Math.Sqrt(level) * Chance.Normal(fast, tick))));
    }

    private Effects EffectsAt(double seconds, ScenarioTimeline timeline, out double worst)
    {
        Effects effects = default;
        worst = 0;
        if (Plan.At(seconds) is { } incident && incident.Amplitude(seconds) is > 0 and var amplitude)
        {
            effects.Add(incident.Kind, amplitude);
            worst = amplitude;
        }

        var isDatabase = Profile == ServerProfile.Database;
        var (height, cascades) = timeline.At(seconds, _lot, isDatabase);
        if (height > 0)
        {
            effects.Add(cascades ? IncidentKind.Cascade : _weakness, height);
            worst = Math.Max(worst, height);
        }

        if (!isDatabase && Pressure(seconds, timeline) is > 0 and var pressure)
        {
            effects.AddPressure(pressure);
            worst = Math.Max(worst, pressure * 0.8);
        }

        return effects;
    }

    /// <summary>How much stress of its databases reaches this server now: the worst of them, some minutes ago.</summary>
    private double Pressure(double seconds, ScenarioTimeline timeline)
    {
        var worst = 0.0;
        foreach (var upstream in _upstreams)
            worst = Math.Max(worst, upstream.Stress(seconds - _lag, timeline));
        return worst;
    }

    private double Stress(double seconds, ScenarioTimeline timeline)
    {
        if (Profile != ServerProfile.Database)
            return 0.6 * Pressure(seconds, timeline);

        var stress = Plan.At(seconds) is { Kind: IncidentKind.Cascade } own ? own.Amplitude(seconds) : 0;
        var (height, cascades) = timeline.At(seconds, _lot, isDatabase: true);
        return cascades ? Math.Max(stress, height) : stress;
    }
}
