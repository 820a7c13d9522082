using Tft.Adapters.Simulation;
using Tft.Adapters.Simulation.Days;
using Tft.Adapters.Simulation.Incidents;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Servers;
using Tft.Contract.Time;

namespace Tft.Tests.Sources.Simulator;

[Trait("Ring", "unit")]
public sealed class SimulatedFleetTests
{
    /// <summary>2026-03-02 00:00 UTC, a Monday.</summary>
    private const long Monday = 1772409600;

    private static readonly SimulatedFleetOptions s_quiet = new() { Servers = 20, IncidentsPerSlot = 0 };

    [Fact]
    public void Names_DefaultFleet_AreTheTwenty()
    {
        var names = FleetPlan.Of(20).Select(s => s.Name).ToArray();

        Assert.Equal(
            ["ppml0001", "ppml0002", "ppml0003", "ppml0004", "ppdb001", "ppdb002", "ppdb003", "ppweb001", "ppweb002", "ppweb003", "ppweb004",
             "ppweb005", "ppweb006", "ppweb007", "ppweb008", "ppcon01", "ppetl001", "ppetl002", "pprisk001", "ppgen001"],
            names);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(90)]
    [InlineData(1000)]
    public void Names_AnySize_AreThatManyAndDistinct(int servers)
    {
        var plan = FleetPlan.Of(servers);

        Assert.Equal(servers, plan.Select(s => s.Name).Distinct().Count());
    }

    [Fact]
    public void Sample_AnyOrderOfCalls_GivesTheSameValues()
    {
        var forwards = new SimulatedFleet(new SimulatedFleetOptions());
        var backwards = new SimulatedFleet(new SimulatedFleetOptions());
        var times = Enumerable.Range(0, 500).Select(i => Monday + (i * 1735L)).ToArray();

        var there = times.SelectMany(t => forwards.Servers.Select(s => Text(forwards.Sample(s, t)))).ToArray();
        var back = times.Reverse().SelectMany(t => backwards.Servers.Reverse().Select(s => Text(backwards.Sample(s, t)))).Reverse().ToArray();

        Assert.Equal(there, back);
    }

    /// <summary>Servers with habits do at a time what they did the day before; the parts of the CPU still sum to 100.</summary>
    [Fact]
    public void Mean_ServersWithHabits_HaveDaysThatAreAlike()
    {
        Assert.True(MedianChange(1) < 0.5 * MedianChange(0), $"{MedianChange(1)} {MedianChange(0)}");

        static double MedianChange(double habits)
        {
            var fleet = new SimulatedFleet(s_quiet with { WithHabits = habits });
            return fleet.Servers.Select(s => Change(fleet, s)).Order().ElementAt(fleet.Servers.Count / 2);
        }

        // mean distance from the day before, in what the traffic usually differs from its mean
        static double Change(SimulatedFleet fleet, ServerModel server)
        {
            var day = new double[2][];
            for (var d = 0; d < 2; d++)
            {
                day[d] = [.. Enumerable.Range(0, 288).Select(i => (double)(fleet.Mean(server, TimeGrid.StepOf(DateTimeOffset.FromUnixTimeSeconds(Monday)) + ((d + 1) * 288) + i)?.Values[(int)Metric.NetIn] ?? float.NaN))];
                if (fleet.Mean(server, TimeGrid.StepOf(DateTimeOffset.FromUnixTimeSeconds(Monday)) + 288) is { } record)
                    Assert.Equal(100, record.Values[(int)Metric.CpuUser] + record.Values[(int)Metric.CpuSys] + record.Values[(int)Metric.CpuIoWait] + record.Values[(int)Metric.CpuIdle], 0.02);
            }

            var mean = day[0].Where(double.IsFinite).Average();
            return day[0].Zip(day[1], (a, b) => Math.Abs(a - b)).Where(double.IsFinite).Average() / day[0].Where(double.IsFinite).Average(v => Math.Abs(v - mean));
        }
    }

    [Fact]
    public void Sample_OtherSeed_GivesOtherValues()
    {
        var a = new SimulatedFleet(new SimulatedFleetOptions { Seed = 1 });
        var b = new SimulatedFleet(new SimulatedFleetOptions { Seed = 2 });

        Assert.NotEqual(Text(a.Sample(a.Servers[0], Monday)), Text(b.Sample(b.Servers[0], Monday)));
    }

    [Theory]
    [InlineData(nameof(Scenario.Healthy))]
    [InlineData(nameof(Scenario.Degrading))]
    [InlineData(nameof(Scenario.Critical))]
    [InlineData(nameof(Scenario.Cascade))]
    public void Sample_EveryScenario_IsPhysicallyPossible(string scenario)
    {
        var fleet = new SimulatedFleet(new SimulatedFleetOptions { Servers = 40, Scenario = Enum.Parse<Scenario>(scenario), IncidentsPerSlot = 1 });
        var seen = 0;
        for (var t = Monday; t < Monday + (8 * 86400); t += 611)
        {
            foreach (var server in fleet.Servers)
            {
                if (fleet.Sample(server, t) is not { } record)
                    continue;
                seen++;
                foreach (var metric in MetricCatalog.All)
                {
                    var value = record.Values.Get(metric.Id);
                    if (float.IsNaN(value))
                        continue;
                    Assert.InRange(value, metric.Min, metric.Max);
                    Assert.True(!metric.IsInteger || value == MathF.Truncate(value), $"{metric.Name} {value}");
                }

                var parts = record.Values.Get(Metric.CpuUser) + record.Values.Get(Metric.CpuSys) + record.Values.Get(Metric.CpuIoWait) + record.Values.Get(Metric.CpuIdle);
                Assert.True(float.IsNaN(parts) || Math.Abs(parts - 100) < 0.011, $"{server.Name} at {t}: {parts}");
            }
        }

        Assert.True(seen > 40 * 1100, $"{seen} samples");
    }

    [Fact]
    public void Mean_OfABucket_IsTheMeanOfItsSamples()
    {
        var fleet = new SimulatedFleet(s_quiet);
        var errors = new List<double>();
        foreach (var server in fleet.Servers)
        {
            for (var step = TimeGrid.StepOf(Monday); step < TimeGrid.StepOf(Monday) + 288; step += 13)
            {
                var samples = Enumerable.Range(0, 60).Select(i => fleet.Sample(server, TimeGrid.StartSeconds(step) + (i * 5))).OfType<MetricRecord>().ToArray();
                if (samples.Length < 50 || fleet.Mean(server, step) is not { } mean)
                    continue;
                var expected = samples.Average(s => (double)s.Values.Get(Metric.CpuUser));
                if (!double.IsNaN(expected) && mean.Values.Has(Metric.CpuUser))
                    errors.Add(mean.Values.Get(Metric.CpuUser) - expected);
            }
        }

        Assert.True(errors.Count > 300);
        Assert.InRange(Math.Abs(errors.Average()), 0, 0.1);
        Assert.InRange(Math.Sqrt(errors.Average(e => e * e)), 0, 0.8);
    }

    [Theory]
    [InlineData(ServerProfile.MlCompute)]
    [InlineData(ServerProfile.Database)]
    [InlineData(ServerProfile.WebApi)]
    [InlineData(ServerProfile.ConductorMgmt)]
    [InlineData(ServerProfile.DataIngest)]
    [InlineData(ServerProfile.RiskAnalytics)]
    [InlineData(ServerProfile.Generic)]
    public void Mean_OverFourQuietWeeks_IsNearTheProfilesBaseline(ServerProfile profile)
    {
        var fleet = new SimulatedFleet(s_quiet with { Servers = 200 });
        var servers = fleet.Servers.Where(s => s.Profile == profile).Take(12).ToArray();
        var baseline = ProfileBaseline.Of(profile);

        Assert.InRange(Mean(fleet, servers, Metric.CpuUser), baseline.User * 0.7, baseline.User * 1.35);
        Assert.InRange(Mean(fleet, servers, Metric.MemUsed), baseline.Mem - 9, baseline.Mem + 9);
        Assert.InRange(Mean(fleet, servers, Metric.NetIn), baseline.NetIn * 0.65, baseline.NetIn * 1.5);
        Assert.InRange(Mean(fleet, servers, Metric.LoadAverage), baseline.Load * 0.65, baseline.Load * 1.5);
    }

    [Fact]
    public void Mean_HealthyFleetOverTwoQuietWeeks_StaysBelowTheWarningsOfOperators()
    {
        var fleet = new SimulatedFleet(s_quiet);
        int steps = 0, busy = 0;
        foreach (var server in fleet.Servers)
        {
            for (var step = TimeGrid.StepOf(Monday); step < TimeGrid.StepOf(Monday) + (14 * 288); step += 3)
            {
                if (fleet.Mean(server, step) is not { } mean || !mean.Values.Has(Metric.CpuIdle) || !mean.Values.Has(Metric.MemUsed))
                    continue;
                steps++;
                busy += mean.Values.Get(Metric.CpuIdle) < 10 || mean.Values.Get(Metric.MemUsed) > 90 ? 1 : 0;
                Assert.True(mean.Values.Get(Metric.CpuIdle) > 5, $"{server.Name} has {mean.Values.Get(Metric.CpuIdle)} % idle");
            }
        }

        Assert.InRange(busy / (double)steps, 0, 0.005);
    }

    [Fact]
    public void Series_WebServer_IsAutocorrelatedAndHasADayAndAWeek()
    {
        var fleet = new SimulatedFleet(s_quiet);
        var server = fleet.Servers.First(s => s.Profile == ServerProfile.WebApi);
        var series = Series(fleet, server, Metric.CpuUser, 28);

        Assert.InRange(Correlation(series, 1), 0.85, 0.9999);
        Assert.True(Correlation(series, 288) > Correlation(series, 144) + 0.3, "a day is no better than half a day");
        Assert.True(Correlation(series, 288 * 7) > Correlation(series, 288 * 3), "a week is no better than three days");
    }

    [Fact]
    public void Uptime_OverAMonth_CountsAndFallsOnlyAtABoot()
    {
        var fleet = new SimulatedFleet(s_quiet);
        var falls = 0;
        var server = fleet.Servers[0];
        var before = (Time: Monday, Days: double.NaN);
        for (var t = Monday; t < Monday + (30 * 86400); t += 300)
        {
            if (fleet.Sample(server, t) is not { } record || !record.Values.Has(Metric.UptimeDays))
                continue;
            var days = record.Values.Get(Metric.UptimeDays);
            if (days < before.Days)
                falls++;
            else if (!double.IsNaN(before.Days))
                Assert.InRange(days - before.Days - ((t - before.Time) / 86400.0), -2e-4, 2e-4);
            before = (t, days);
        }

        Assert.InRange(falls, 1, 2);
    }

    private static double Mean(SimulatedFleet fleet, ServerModel[] servers, Metric metric) => servers
        .SelectMany(s => Enumerable.Range(0, 4 * 7 * 24).Select(h => fleet.Mean(s, TimeGrid.StepOf(Monday) + (h * 12) + (h % 12))))
        .OfType<MetricRecord>().Select(r => (double)r.Values.Get(metric)).Where(v => !double.IsNaN(v)).Average();

    private static double[] Series(SimulatedFleet fleet, ServerModel server, Metric metric, int days) =>
        [.. Enumerable.Range(0, days * 288).Select(i => (double)(fleet.Mean(server, TimeGrid.StepOf(Monday) + i)?.Values.Get(metric) ?? float.NaN))];

    private static double Correlation(double[] x, int lag)
    {
        var pairs = Enumerable.Range(0, x.Length - lag).Select(i => (A: x[i], B: x[i + lag])).Where(p => !double.IsNaN(p.A) && !double.IsNaN(p.B)).ToArray();
        double ma = pairs.Average(p => p.A), mb = pairs.Average(p => p.B);
        return pairs.Sum(p => (p.A - ma) * (p.B - mb)) / Math.Sqrt(pairs.Sum(p => (p.A - ma) * (p.A - ma)) * pairs.Sum(p => (p.B - mb) * (p.B - mb)));
    }

    private static string Text(MetricRecord? record) =>
        record is null ? "none" : $"{record.ServerName} {record.Timestamp:O} {record.State} {string.Join(' ', Enumerable.Range(0, MetricCatalog.Count).Select(m => record.Values[m]))}";
}
