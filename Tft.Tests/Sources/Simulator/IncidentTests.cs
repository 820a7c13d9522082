using Tft.Adapters.Simulation;
using Tft.Adapters.Simulation.Incidents;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;

namespace Tft.Tests.Sources.Simulator;

/// <summary>What goes wrong in a simulated fleet: by itself, by scenario, and from server to server.</summary>
[Trait("Ring", "unit")]
public sealed class IncidentTests
{
    /// <summary>2026-03-02 00:00 UTC, a Monday.</summary>
    private const long Monday = 1772409600;

    private static readonly SimulatedFleetOptions s_quiet = new() { Servers = 20, IncidentsPerSlot = 0 };

    [Fact]
    public void Incidents_EachKind_ShowsInItsMetricAndHasAPrecursor()
    {
        var quiet = new SimulatedFleet(s_quiet with { Servers = 60 });
        var troubled = new SimulatedFleet(s_quiet with { Servers = 60, IncidentsPerSlot = 1 });
        var telling = new Dictionary<string, Metric>
        {
            ["cpu_ramp"] = Metric.CpuUser, ["memory_leak"] = Metric.MemUsed, ["disk_filling"] = Metric.DiskUsage, ["io_stall"] = Metric.CpuIoWait,
            ["connection_leak"] = Metric.BackCloseWait, ["network_storm"] = Metric.NetIn, ["cascade"] = Metric.CpuIoWait,
        };
        var seen = new HashSet<string>();
        foreach (var incident in IncidentLog.Between(troubled, Monday, Monday + (9 * 86400)).Where(i => i.CausedBy is null && i.Start > Monday && i.End < Monday + (9 * 86400)))
        {
            var i = troubled.Servers.ToList().FindIndex(s => s.Name == incident.Server);
            var metric = telling[incident.Kind];
            var early = Excess((incident.Precursor + (3 * incident.Start)) / 4);
            var late = Excess(incident.End - 60);
            if (double.IsNaN(early) || double.IsNaN(late))
                continue;
            seen.Add(incident.Kind);
            Assert.True(late > 0, $"{incident}: {metric} is {late} over the quiet server");
            Assert.True(early > 0, $"{incident}: no precursor in {metric}");
            Assert.True(late > early, $"{incident}: {early} then {late}");

            double Excess(double at)
            {
                Span<double> a = stackalloc double[MetricCatalog.Count], b = stackalloc double[MetricCatalog.Count];
                troubled.Servers[i].Measure(at, at, troubled.Timeline, 0, a);
                quiet.Servers[i].Measure(at, at, quiet.Timeline, 0, b);
                // A processor that is near its planned peak anyway shows little.
                return b[(int)Metric.CpuIdle] < 25 ? double.NaN : a[(int)metric] - b[(int)metric];
            }
        }

        Assert.Equal(telling.Keys.Order(), seen.Order());
    }

    [Fact]
    public void Cascade_DatabaseStalls_DependantsFollowMinutesLater()
    {
        var calm = new SimulatedFleet(s_quiet);
        var fleet = new SimulatedFleet(s_quiet);
        fleet.Timeline = fleet.Timeline.Switch(Monday, Scenario.Cascade);
        var at = Enumerable.Range(0, fleet.Servers.Count).Where(i => fleet.Servers[i].Profile == ServerProfile.WebApi).ToArray();

        Assert.All(at, i => Assert.Equal(0, Extra(i, Monday + 170), 6));
        Assert.All(at, i => Assert.True(Extra(i, Monday + 1800) > 20, $"{fleet.Servers[i].Name}: {Extra(i, Monday + 1800)}"));
        var db = fleet.Servers.ToList().FindIndex(s => s.Profile == ServerProfile.Database);
        Assert.True(Extra(db, Monday + 600) > 20);

        double Extra(int i, double t)
        {
            Span<double> a = stackalloc double[MetricCatalog.Count], b = stackalloc double[MetricCatalog.Count];
            fleet.Servers[i].Measure(t, t, fleet.Timeline, 0, a);
            calm.Servers[i].Measure(t, t, calm.Timeline, 0, b);
            return a[(int)Metric.FrontCloseWait] - b[(int)Metric.FrontCloseWait];
        }
    }

    [Fact]
    public void Timeline_SwitchedBack_FadesWithinTenMinutes()
    {
        var timeline = ScenarioTimeline.Always(Scenario.Healthy).Switch(1000, Scenario.Critical).Switch(5000, Scenario.Healthy);

        Assert.Equal(0, timeline.At(999, 0.1, false).Amplitude);
        Assert.Equal(0.95, timeline.At(4999, 0.1, false).Amplitude, 6);
        Assert.Equal(0.475, timeline.At(5300, 0.1, false).Amplitude, 6);
        Assert.Equal(0, timeline.At(5600, 0.1, false).Amplitude, 6);
        Assert.Equal(0, timeline.At(4999, 0.9, false).Amplitude);
    }

    [Fact]
    public void States_OverAWeekOfTrouble_AreTheContracts()
    {
        var fleet = new SimulatedFleet(new SimulatedFleetOptions { IncidentsPerSlot = 1, Servers = 40 });
        var states = new HashSet<ServerState>();
        for (var step = TimeGrid.StepOf(Monday); step < TimeGrid.StepOf(Monday) + (288 * 28); step++)
        {
            foreach (var server in fleet.Servers.Take(10))
            {
                if (fleet.Mean(server, step)?.State is { } state)
                    states.Add(state);
            }
        }

        Assert.Superset(new HashSet<ServerState> { ServerState.Maintenance, ServerState.Recovery, ServerState.CriticalIssue }, states);
    }
}
