using Microsoft.Extensions.Options;
using Tft.Adapters.Simulation;
using Tft.Adapters.Simulation.Incidents;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Cascades;
using Tft.Inference.Risk;

namespace Tft.Tests.Cascades;

/// <summary>The simulator's cascade, measured alone: databases ail, and who depends on them feels it some minutes later.</summary>
[Trait("Ring", "unit")]
public sealed class SimulatedCascadeTests
{
    private static readonly DateTimeOffset s_begin = new(2026, 3, 3, 13, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Cascade_IsOneGroupWithTheDatabasesFirst_ExplainedByTheWiring()
    {
        var fleet = Fleet();
        fleet.Timeline = fleet.Timeline.Switch(s_begin.ToUnixTimeSeconds(), Scenario.Cascade);
        DependencyOptions[] wiring = [.. fleet.Servers.SelectMany(s => s.Upstreams.Select(u => new DependencyOptions { Of = s.Name, On = u.Name }))];

        var groups = Look(fleet, minutesIn: 90, wiring);

        var group = groups.MaxBy(g => g.Servers)!;
        Assert.True(group.Servers >= 15, $"{group.Servers} of 20 servers");
        var databases = group.Members.Where(m => m.Profile == "database").ToList();
        var dependants = group.Members.Where(m => m.Profile is "web_api" or "data_ingest" or "risk_analytics").ToList();
        Assert.Equal(3, databases.Count);
        Assert.True(databases.Average(d => d.LagMinutes) < dependants.Average(d => d.LagMinutes), string.Join(' ', group.Members.Select(m => $"{m.Server}+{m.LagMinutes}")));
        Assert.All(group.Members, m => Assert.InRange(m.LagMinutes, 0, 60));
        Assert.All(group.Members.Skip(1), m => Assert.True(m.Correlation >= 0.7 && m.Buckets >= 24 && m.Buckets == m.MeasuredBuckets, $"{m.Server}: {m.Correlation} of {m.Buckets}"));
        // it begins when the scenario does, not before
        Assert.InRange(group.Begins, s_begin, s_begin.AddMinutes(20));
        Assert.NotEmpty(group.ExplainedBy);
        Assert.All(group.ExplainedBy.Take(2), d => Assert.StartsWith("ppdb", d.Server, StringComparison.Ordinal));
        Assert.True(group.Explained >= group.Servers / 2, $"{group.Explained} of {group.Servers}");
    }

    [Fact]
    public void Calm_HasNoGroup()
    {
        var fleet = Fleet();
        Assert.Empty(Look(fleet, minutesIn: 90, []));
    }

    private static SimulatedFleet Fleet() => new(new() { Servers = 20, IncidentsPerSlot = 0 });

    private static List<CascadeGroup> Look(SimulatedFleet fleet, int minutesIn, DependencyOptions[] wiring)
    {
        var origin = TimeGrid.StepOf(s_begin) + (minutesIn / 5);
        var builder = new TrackBuilder(new ThresholdTable(Options.Create(new RiskOptions())));
        var tracks = new List<RiskTrack>();
        foreach (var server in fleet.Servers)
        {
            var values = new float[TimeGrid.WindowSteps * MetricCatalog.Count];
            Array.Fill(values, float.NaN);
            for (var row = 0; row < TimeGrid.WindowSteps; row++)
            {
                if (fleet.Mean(server, origin - TimeGrid.WindowSteps + row) is { } mean)
                {
                    for (var metric = 0; metric < MetricCatalog.Count; metric++)
                    {
                        values[(row * MetricCatalog.Count) + metric] = mean.Values[metric];
                    }
                }
            }

            float[] loads = [.. Enumerable.Range(0, TimeGrid.WindowSteps).Select(row => values[(row * MetricCatalog.Count) + (int)Metric.LoadAverage]).Where(v => !float.IsNaN(v)).Order()];
            tracks.Add(builder.Build(server.Name, server.Profile, loads[loads.Length / 2], values, RiskTrack.Past - 1, [], RiskTrack.Past));
        }

        var map = new DependencyMap(Options.Create(new CascadeOptions { Dependencies = [.. wiring] }));
        return [.. CascadeFinder.Find(tracks, out _, default).Select(g => CascadeReport.Of(g, map, origin - RiskTrack.Past))];
    }
}
