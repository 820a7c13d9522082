using Tft.Adapters.Simulation.Days;
using Tft.Adapters.Simulation.Incidents;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Servers;
using Tft.Contract.Time;

namespace Tft.Adapters.Simulation;

/// <summary>
/// A fleet whose every sample is a function of (seed, scenario timeline, time). Not safe for several threads at once on one
/// instance (a server remembers the slot it looked at last); several instances of one seed give the same numbers.
/// </summary>
internal sealed class SimulatedFleet
{
    /// <summary>Looks into a bucket when its mean is asked for: the noise between samples is scaled to what 60 of them leave.</summary>
    private const int MeanPoints = 6;

    private static readonly double s_meanWhite = Math.Sqrt(MeanPoints / 60.0);

    private readonly TimeZoneInfo _zone;

    public SimulatedFleet(SimulatedFleetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var seed = Chance.Stream((ulong)options.Seed, 42);
        _zone = options.Zone;
        Calendar = new FleetCalendar(_zone);
        Servers = [.. FleetPlan.Of(options.Servers).Select(s => new ServerModel(s.Name, s.Profile, seed, options.IncidentsPerSlot, options.WithHabits))];
        Wire(seed);
        Timeline = ScenarioTimeline.Always(options.Scenario);
    }

    public IReadOnlyList<ServerModel> Servers { get; }

    public ScenarioTimeline Timeline { get; set; }

    /// <summary>The fleet's hours.</summary>
    public FleetCalendar Calendar { get; }

    /// <summary>One sample, rounded as an agent would; null where monitoring missed it.</summary>
    public MetricRecord? Sample(ServerModel server, long seconds)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (server.IsDown(seconds) || server.Gaps.InOutage(seconds) || server.Gaps.IsDropped(seconds))
            return null;

        Span<double> values = stackalloc double[MetricCatalog.Count];
        var worst = server.Measure(seconds, Local(seconds), Timeline, 1, values);
        return Record(server, seconds, values, server.StateAt(seconds, worst));
    }

    /// <summary>The mean of a five-minute bucket (counts and uptime: the last), stamped with its start; null where nothing was measured.</summary>
    public MetricRecord? Mean(ServerModel server, long step)
    {
        ArgumentNullException.ThrowIfNull(server);
        Span<double> sum = stackalloc double[MetricCatalog.Count];
        Span<double> values = stackalloc double[MetricCatalog.Count];
        sum.Clear();
        var start = TimeGrid.StartSeconds(step);
        ServerState? state = null;
        var measured = 0;
        for (var i = 0; i < MeanPoints; i++)
        {
            var t = start + ((i + 0.5) * TimeGrid.StepSeconds / MeanPoints);
            if (server.IsDown(t) || server.Gaps.InOutage(t))
                continue;
            var worst = server.Measure(t, Local(t), Timeline, s_meanWhite, values);
            for (var m = 0; m < values.Length; m++)
                sum[m] += values[m];
            if (server.StateAt(t, worst) is { } now)
                state = state is { } before ? ServerStates.Worst(before, now) : now;
            measured++;
        }

        if (measured == 0)
            return null;
        for (var m = 0; m < sum.Length; m++)
            sum[m] = MetricCatalog.All[m].Rule == BucketRule.Last ? values[m] : sum[m] / measured;
        return Record(server, start, sum, state);
    }

    public double Local(double seconds) =>
        ReferenceEquals(_zone, TimeZoneInfo.Utc) ? seconds : seconds + _zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds((long)seconds)).TotalSeconds;

    private static MetricRecord Record(ServerModel server, long seconds, ReadOnlySpan<double> raw, ServerState? state)
    {
        var values = MetricValues.Missing;
        // Rounded to hundredths with idle as the rest, so that the parts still sum to 100.
        var user = Math.Round(raw[(int)Metric.CpuUser], 2);
        var sys = Math.Round(raw[(int)Metric.CpuSys], 2);
        var wait = Math.Round(raw[(int)Metric.CpuIoWait], 2);
        for (var m = 0; m < raw.Length; m++)
            values[m] = (float)Math.Round(raw[m], m == (int)Metric.UptimeDays ? 4 : 2);
        values.Set(Metric.CpuUser, (float)user);
        values.Set(Metric.CpuSys, (float)sys);
        values.Set(Metric.CpuIoWait, (float)wait);
        values.Set(Metric.CpuIdle, (float)Math.Round(100 - user - sys - wait, 2));
        if (server.Gaps.MissingMetric(seconds) is >= 0 and var missing)
            values[missing] = float.NaN;
        return new MetricRecord
        {
            Timestamp = DateTimeOffset.FromUnixTimeSeconds(seconds),
            ServerName = server.Name,
            Profile = server.Profile,
            State = state,
            Values = values,
        };
    }

    /// <summary>Web, etl, risk and con depend on one or two databases; ml on a con and an etl.</summary>
    private void Wire(ulong seed)
    {
        var of = Servers.ToLookup(s => s.Profile);
        foreach (var server in Servers)
        {
            var own = Chance.Stream(Chance.Stream(seed, server.Name), 19);
            server.DependOn(server.Profile switch
            {
                ServerProfile.WebApi or ServerProfile.DataIngest or ServerProfile.RiskAnalytics or ServerProfile.ConductorMgmt =>
                    [.. Pick(own, [.. of[ServerProfile.Database]], 2)],
                ServerProfile.MlCompute =>
                    [.. Pick(own, [.. of[ServerProfile.ConductorMgmt]], 1), .. Pick(own + 1, [.. of[ServerProfile.DataIngest]], 1)],
                _ => [],
            });
        }
    }

    private static IEnumerable<ServerModel> Pick(ulong stream, ServerModel[] from, int atMost)
    {
        var first = from.Length == 0 ? 0 : (int)(Chance.Uniform(stream, 0) * from.Length);
        var take = Chance.Uniform(stream, 1) < 0.5 ? 1 : atMost;
        return Enumerable.Range(first, Math.Min(take, from.Length)).Select(i => from[i % from.Length]);
    }
}

/// <summary>What makes a simulated fleet.</summary>
internal sealed record SimulatedFleetOptions
{
    public long Seed { get; init; } = 42;

    public int Servers { get; init; } = 20;

    public Scenario Scenario { get; init; } = Scenario.Healthy;

    /// <summary>The fleet's time zone (Tft:TimeZone): daily and weekly shapes follow its clock.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Chance of an incident in three days of one server.</summary>
    public double IncidentsPerSlot { get; init; } = 0.25;

    /// <summary>Share of the servers whose days are alike (<see cref="DayHabits"/>).</summary>
    public double WithHabits { get; init; }
}
