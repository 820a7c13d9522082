using Microsoft.Extensions.Options;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Inference.Forecasts;
using Tft.Inference.Incidents;
using Tft.Inference.Risk;
using Tft.Tests.Serving;

namespace Tft.Tests.Incidents;

[Trait("Ring", "unit")]
public sealed class IncidentScoreTests
{
    private const int Every = 900;
    private static readonly TrueIncident s_leak = Incident(precursor: 40, start: 48, end: 50);

    [Fact]
    public void Kinds_AlarmAfterTheFirstSign_LeadRunsToTheStart()
    {
        var score = Assert.Single(Kinds(s_leak, 45, 46));
        Assert.Equal((1, 1, 0, 1.0), (score.Incidents, score.Warned, score.Stood, score.Recall));
        Assert.Equal(45, score.LeadMedian);
    }

    [Theory]
    [InlineData(48)]
    [InlineData(39)]
    public void Kinds_AlarmFromTheStartOrOnlyBeforeTheFirstSign_IsNoWarning(int origin)
    {
        var score = Assert.Single(Kinds(s_leak, origin));
        Assert.Equal((0, 0.0), (score.Warned, score.Recall));
        Assert.Null(score.LeadMedian);
    }

    [Fact]
    public void Kinds_AlarmThatStoodBefore_CountsAndIsSaidToHaveStood()
    {
        var score = Assert.Single(Kinds(s_leak, 39, 40));
        Assert.Equal((1, 1), (score.Warned, score.Stood));
        Assert.Equal(120, score.LeadMedian);
    }

    [Fact]
    public void Kinds_SeveralIncidents_QuartilesAreOfTheWarned()
    {
        TrueIncident[] all = [Incident(10, 14, 15), Incident(40, 48, 50), Incident(80, 84, 86)];
        var score = Assert.Single(IncidentScore.Kinds([Track(100, 12, 46)], all, RiskLevel.Critical, AlarmSource.P90));
        Assert.Equal((3, 2), (score.Incidents, score.Warned));
        Assert.Equal((30.0, 30.0), (score.LeadQ1, score.LeadMedian));
        Assert.Equal(2.0 / 3, score.Recall, 9);
    }

    [Fact]
    public void Kinds_FirstSignBeforeTheFirstOrigin_IsLeftOut() =>
        Assert.Empty(IncidentScore.Kinds([Track(100)], [Incident(-1, 5, 6)], RiskLevel.Critical, AlarmSource.P90));

    [Fact]
    public void Quiet_ContiguousAlarmsAreOne_NearAnIncidentNone()
    {
        // quiet are 0..15 (start 48 less 32 steps of the horizon) and 52..99: the end, 50, has 20 minutes of recovery
        var quiet = IncidentScore.Quiet([Track(100, 3, 4, 5, 9, 16, 30, 49, 51, 60)], [s_leak], RiskLevel.Critical, AlarmSource.P90);
        Assert.Equal(3, quiet.FalseAlarms);
        Assert.Equal(64 * Every / 86400.0, quiet.ServerDays, 6);
        Assert.Equal(5.0 / 64, quiet.AlarmedShare, 9);
    }

    [Fact]
    public void Quiet_OtherServersIncident_ExcusesNothing() =>
        Assert.Equal(1, IncidentScore.Quiet([Track(100, 45)], [s_leak with { ServerName = "other" }], RiskLevel.Critical, AlarmSource.P90).FalseAlarms);

    [Theory]
    [InlineData(90, 96, true, true)]
    [InlineData(60, 96, false, true)]
    [InlineData(60, 92, false, false)]
    public void OriginAlarms_Forecast_CrossesByTheServicesThresholds(float middle, float high, bool warningByMedian, bool criticalByUpper)
    {
        var forecast = Calm();
        for (var step = 20; step < ForecastShape.Steps; step++)
            ForecastShape.Write(forecast, step, MetricCatalog.Get(Metric.MemUsed), 55, middle, high);
        var alarms = Read(Rows.Calm(0), forecast);
        Assert.Equal(warningByMedian, alarms.Has(RiskLevel.Warning, AlarmSource.P50));
        Assert.Equal(criticalByUpper, alarms.Has(RiskLevel.Critical, AlarmSource.P90));
        Assert.True(alarms.Has(RiskLevel.Warning, AlarmSource.P90));
        Assert.False(alarms.Has(RiskLevel.Critical, AlarmSource.P50));
        Assert.False(alarms.Has(RiskLevel.Warning, AlarmSource.Measured));
    }

    [Fact]
    public void OriginAlarms_IdleFalls_IsTheUpperQuantileOfUse()
    {
        var forecast = Calm();
        ForecastShape.Write(forecast, 50, MetricCatalog.Get(Metric.CpuIdle), 3, 40, 50);
        var alarms = Read(Rows.Calm(0), forecast);
        Assert.True(alarms.Has(RiskLevel.Critical, AlarmSource.P90));
        Assert.False(alarms.Has(RiskLevel.Warning, AlarmSource.P50));
    }

    [Fact]
    public void OriginAlarms_MeasuredThereAlready_IsNoForecast()
    {
        var now = Rows.Calm(0).With(Metric.MemUsed, 92);
        var forecast = Calm();
        for (var step = 0; step < ForecastShape.Steps; step++)
            ForecastShape.Write(forecast, step, MetricCatalog.Get(Metric.MemUsed), 91, 92, 97);
        var alarms = Read(now, forecast);
        Assert.True(alarms.Has(RiskLevel.Warning, AlarmSource.Measured));
        Assert.False(alarms.Has(RiskLevel.Warning, AlarmSource.P90));
        Assert.True(alarms.Has(RiskLevel.Critical, AlarmSource.P90));
    }

    private static IReadOnlyList<KindScore> Kinds(TrueIncident incident, params int[] alarmed) =>
        IncidentScore.Kinds([Track(100, alarmed)], [incident], RiskLevel.Critical, AlarmSource.P90);

    private static TrueIncident Incident(int precursor, int start, int end) => new("a", "memory_leak", Time(precursor), Time(start), Time(end), null);

    private static AlarmTrack Track(int origins, params int[] alarmed) => new(
        "a",
        [.. Enumerable.Range(0, origins).Select(i => Time(i).ToUnixTimeSeconds())],
        [.. Enumerable.Range(0, origins).Select(i => alarmed.Contains(i) ? default(OriginAlarms).With(RiskLevel.Critical, AlarmSource.P90) : default)]);

    private static DateTimeOffset Time(int origin) => DateTimeOffset.FromUnixTimeSeconds(1_760_000_400 + (origin * Every));

    private static float[] Calm()
    {
        var forecast = new float[ForecastShape.PerServer];
        var values = Rows.Calm(0);
        for (var step = 0; step < ForecastShape.Steps; step++)
        {
            foreach (var metric in MetricCatalog.All)
                ForecastShape.Write(forecast, step, metric, values.Get(metric.Id), values.Get(metric.Id), values.Get(metric.Id));
        }

        return forecast;
    }

    private static OriginAlarms Read(MetricValues measured, float[] forecast)
    {
        var risk = new RiskEvaluator(new ThresholdTable(Options.Create(new RiskOptions())), new ProbabilityCalibration());
        return OriginAlarms.Of(risk.Evaluate(ServerProfile.Generic, measured, forecast, float.NaN));
    }
}
