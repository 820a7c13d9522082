using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Forecasting.Data;
using Tft.Inference.Alerts;
using Tft.Inference.Forecasts;
using Tft.Inference.Incidents;
using Tft.Inference.Risk;
using Tft.Tests.Serving;

namespace Tft.Tests.Incidents;

[Trait("Ring", "unit")]
public sealed class ServiceReplayTests
{
    private const long FirstStep = 5_900_000;
    private const int Steps = 400;

    [Fact]
    public void Run_ForecastThatStandsForAWhile_IsAnnouncedOnceAtTheServicesCadence()
    {
        var record = Run([Series("a"), Series("b")], from: 300, to: 320);
        var alert = Assert.Single(record.Announced);
        // the second snapshot of the crossing
        Assert.Equal(("b", "imminent_critical", "mem_used_pct", Seconds(301)), (alert.Server, alert.Rule, alert.Metric, alert.Seconds));
        var track = record.Tracks.Single(t => t.Server == "b");
        Assert.Equal(Steps - TimeGrid.WindowSteps + 1, track.Seconds.Length);
        long[] standing = [.. track.Seconds.Where((_, i) => track.Alarms[i].Has(RiskLevel.Critical, AlarmSource.ForecastAlert))];
        // it ends with the twelfth snapshot without the crossing
        Assert.Equal((Seconds(301), Seconds(330)), (standing[0], standing[^1]));
        Assert.Equal(30, standing.Length);
        Assert.DoesNotContain(record.Tracks.Single(t => t.Server == "a").Alarms, a => a.Has(RiskLevel.Warning, AlarmSource.Alert));
    }

    [Fact]
    public void Run_ServerThatWasNotMeasured_HasNoOrigin()
    {
        var holes = Series("b");
        foreach (var metric in holes.Values)
            metric.AsSpan(340, 10).Fill(float.NaN);
        var track = Assert.Single(Run([holes], from: 0, to: 0).Tracks);
        Assert.Equal(Steps - TimeGrid.WindowSteps + 1 - 10, track.Seconds.Length);
        Assert.DoesNotContain(Seconds(345), track.Seconds);
    }

    [Fact]
    public void Run_SeveralSetsOfRules_EachHasItsOwnBook()
    {
        var patient = new AlertRules([AlertRules.Default.Find("imminent_critical")! with { Stable = 10 }]);
        var records = ServiceReplay.Run(new Scripted(300, 305), [Series("b")], [AlertRules.Default, patient], CancellationToken.None);
        Assert.Single(records[0].Announced);
        Assert.Empty(records[1].Announced);
    }

    [Fact]
    public void Outcomes_LevelMeasuredWithinEightHours_CameTrue()
    {
        var rises = Series("b");
        rises.Values[(int)Metric.MemUsed].AsSpan(330, 3).Fill(96);
        Assert.Equal((1, 1), IncidentScore.Outcomes(Run([rises], from: 300, to: 320), RiskLevel.Critical));
        Assert.Equal((1, 0), IncidentScore.Outcomes(Run([Series("b")], from: 300, to: 320), RiskLevel.Critical));
    }

    [Fact]
    public void Quiet_Announcements_AreCountedWhereNoIncidentIsNear()
    {
        var record = Run([Series("b")], from: 300, to: 320);
        var quiet = IncidentScore.Quiet(record, [], RiskLevel.Critical, AlarmSource.Alert);
        Assert.Equal(1, quiet.FalseAlarms);
        Assert.Equal(30.0 / 113, quiet.AlarmedShare, 9);
        var start = DateTimeOffset.FromUnixTimeSeconds(Seconds(310));
        var incident = new TrueIncident("b", "memory_leak", start.AddHours(-1), start, start.AddHours(1), null);
        Assert.Equal(0, IncidentScore.Quiet(record, [incident], RiskLevel.Critical, AlarmSource.Alert).FalseAlarms);
        var kind = Assert.Single(IncidentScore.Kinds(record.Tracks, [incident], RiskLevel.Critical, AlarmSource.Alert));
        Assert.Equal((1, 0, 45.0), (kind.Warned, kind.Stood, kind.LeadMedian));
    }

    private static OperatorRecord Run(ServerSeries[] series, int from, int to) =>
        Assert.Single(ServiceReplay.Run(new Scripted(from, to), series, [AlertRules.Default], CancellationToken.None));

    /// <summary>When the bucket of that step of the record has closed.</summary>
    private static long Seconds(int step) => TimeGrid.StartSeconds(FirstStep + step + 1);

    private static ServerSeries Series(string name)
    {
        var values = MetricCatalog.All.Select(_ => new float[Steps]).ToArray();
        for (var step = 0; step < Steps; step++)
        {
            var row = Rows.Calm(step);
            foreach (var metric in MetricCatalog.All)
                values[(int)metric.Id][step] = row.Get(metric.Id);
        }

        return new ServerSeries(name, [.. MetricCatalog.All.Select(m => m.Name)], values, FirstStep, 0);
    }

    /// <summary>Carries the last values on; of server b, memory reaches critical with even odds for some steps of the record.</summary>
    private sealed class Scripted(int from, int to) : IForecaster
    {
        public ModelInfo Model { get; } = new() { Type = "TFT", Version = null, Engine = "test", Device = "cpu" };

        public void Forecast(ForecastBatch batch)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                batch.Notes[i] = ForecastNote.Tft;
                var crosses = batch.Facts[i].Name == "b" && batch.Windows[i].LastStep - FirstStep is var step && step >= from && step < to;
                for (var ahead = 0; ahead < ForecastShape.Steps; ahead++)
                {
                    foreach (var metric in MetricCatalog.All)
                    {
                        var last = batch.Values(i)[^ForecastShape.Metrics..][(int)metric.Id];
                        var (low, middle, high) = crosses && metric.Id == Metric.MemUsed && ahead is >= 2 and < 6 ? (60, 95, 96) : (last, last, last);
                        ForecastShape.Write(batch.Quantiles(i), ahead, metric, low, middle, high);
                    }
                }
            }
        }
    }
}
