using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Options;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Inference.Forecasts;
using Tft.Inference.Risk;
using Tft.Tests.Serving;

namespace Tft.Tests.Risk;

[Trait("Ring", "unit")]
public sealed class RiskEvaluatorTests
{
    private readonly RiskEvaluator _evaluator = new(new ThresholdTable(Options.Create(new RiskOptions())), new ProbabilityCalibration());

    [Fact]
    public void Evaluate_CalmServer_HasNoRiskAndNoReasons()
    {
        var risk = Evaluate(Rows.Calm(0), Forecast(Rows.Calm(0), 1));
        Assert.Equal(0, risk.Score);
        Assert.Empty(risk.Reasons);
        Assert.Equal(RiskLevel.Healthy, risk.Level);
        Assert.InRange(risk.Prob8h, 0, 0.01f);
    }

    [Fact]
    public void Evaluate_TwoSeverities_AddsAQuarterOfTheSecond()
    {
        var now = Rows.Calm(0).With(Metric.MemUsed, 95).With(Metric.DiskUsage, 85);
        Assert.Equal(70 + (0.25f * 40), Evaluate(now, Forecast(Rows.Calm(0), 0)).Current, 3);
    }

    [Fact]
    public void Evaluate_CpuUse_IsReadFromIdleAndP10OfIdleIsP90OfUse()
    {
        var forecast = Forecast(Rows.Calm(0), 0);
        for (var step = 24; step < 96; step++)
            ForecastShape.Write(forecast, step, MetricCatalog.Get(Metric.CpuIdle), 3, 40, 50);
        var risk = Evaluate(Rows.Calm(0), forecast);
        var reason = Assert.Single(risk.Reasons);
        Assert.Equal((ReasonSource.P10, Metric.CpuIdle, RiskLevel.Critical), (reason.Source, reason.Wire, reason.Level));
        Assert.Equal((125, 5f, 3f), (reason.LeadMinutes, reason.Threshold, reason.Value));
        Assert.Equal("CPU use reaches 95 % (critical) by p90 in 2 h 5 min", ReasonText.Of(reason));
    }

    [Fact]
    public void Evaluate_WithoutIdle_CpuUseIsTheSumOfItsParts()
    {
        var now = Rows.Calm(0).With(Metric.CpuIdle, float.NaN).With(Metric.CpuUser, 80).With(Metric.CpuSys, 14).With(Metric.CpuIoWait, 3);
        var reason = Assert.Single(Evaluate(now, Forecast(Rows.Calm(0), 0)).Reasons);
        Assert.Equal((Metric.CpuUser, 97f, 95f), (reason.Wire, reason.Value, reason.Threshold));
        Assert.Equal("CPU use is at 97 % (critical from 95 %)", ReasonText.Of(reason));
    }

    [Fact]
    public void Evaluate_P90AboveCriticalAndP50Calm_IsAWatch()
    {
        var forecast = Forecast(Rows.Calm(0), 0);
        ForecastShape.Write(forecast, 16, MetricCatalog.Get(Metric.MemUsed), 60, 70, 95.1f);
        var risk = Evaluate(Rows.Calm(0), forecast);
        Assert.Equal(RiskLevel.Watch, risk.Level);
        Assert.Equal("memory reaches 95 % (critical) by p90 in 1 h 25 min", ReasonText.Of(Assert.Single(risk.Reasons)));
    }

    [Fact]
    public void Evaluate_P50AboveCritical_IsCriticalWithoutAnythingMeasured()
    {
        var forecast = Forecast(Rows.Calm(0), 0);
        ForecastShape.Write(forecast, 90, MetricCatalog.Get(Metric.MemUsed), 94, 96, 98);
        var risk = Evaluate(Rows.Calm(0), forecast);
        Assert.Equal((0, RiskLevel.Critical), (risk.Current, risk.Level));
        Assert.Equal([ReasonSource.P90, ReasonSource.P50], risk.Reasons.Select(r => r.Source));
        Assert.InRange(risk.Prob8h, 0.69f, 0.71f);
        Assert.Equal(0, risk.Prob30m);
    }

    [Fact]
    public void Evaluate_Chances_AreOfEachMetricLevelAndLead()
    {
        var forecast = Forecast(Rows.Calm(0), 0);
        ForecastShape.Write(forecast, 5, MetricCatalog.Get(Metric.MemUsed), 80, 85, 90);
        ForecastShape.Write(forecast, 6, MetricCatalog.Get(Metric.MemUsed), 80, 90, 95);
        var chances = Evaluate(Rows.Calm(0), forecast).Chances;
        Assert.Equal(0.1f, chances.Get(RiskMetric.Memory, RiskLevel.Warning, ChanceLead.Soon), 5);
        Assert.Equal(0.5f, chances.Get(RiskMetric.Memory, RiskLevel.Warning, ChanceLead.Horizon), 5);
        Assert.Equal(0.1f * MathF.Exp(-4), chances.Get(RiskMetric.Memory, RiskLevel.Critical, ChanceLead.Soon), 5);
        Assert.Equal(0.1f, chances.Get(RiskMetric.Memory, RiskLevel.Critical, ChanceLead.Horizon), 5);
        Assert.Equal(0, chances.Get(RiskMetric.Disk, RiskLevel.Warning, ChanceLead.Horizon));
        Assert.Equal(0.1f, chances.Largest(RiskLevel.Critical, ChanceLead.Horizon), 5);
    }

    [Fact]
    public void Evaluate_AnyForecast_StaysWithin0And100AndAScoreHasReasons()
    {
        var percent = Gen.Choose(0, 1000).Select(v => v / 10f);
        var server = Gen.Zip(Gen.ListOf(percent, 14), Gen.ListOf(percent, 28));
        Prop.ForAll(Arb.From(server), pair =>
        {
            var now = MetricValues.Missing;
            var forecast = Forecast(Rows.Calm(0), 0);
            for (var m = 0; m < 14; m++)
            {
                now[m] = pair.Item1[m];
                for (var step = 0; step < 96; step++)
                {
                    var p50 = pair.Item2[(m * 2) + (step % 2)];
                    ForecastShape.Write(forecast, step, MetricCatalog.All[m], p50 - 5, p50, p50 + 5);
                }
            }

            var risk = Evaluate(now, forecast);
            return risk.Current is >= 0 and <= 100 && risk.Predicted is >= 0 and <= 100
                && risk.Prob30m is >= 0 and <= 1 && risk.Prob8h >= risk.Prob30m && risk.Prob8h <= 1
                && (risk.Score <= 0 || !risk.Reasons.IsEmpty);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Evaluate_NothingMeasuredAndNothingForecast_IsNoRisk()
    {
        var forecast = new float[ForecastShape.PerServer];
        Array.Fill(forecast, float.NaN);
        var risk = Evaluate(MetricValues.Missing, forecast);
        Assert.Equal((0, 0, 0), (risk.Score, risk.Prob30m, risk.Prob8h));
    }

    /// <summary>The same values at every step, with a band of a given half-width.</summary>
    private static float[] Forecast(MetricValues values, float half)
    {
        var forecast = new float[ForecastShape.PerServer];
        foreach (var metric in MetricCatalog.All)
        {
            var p50 = values.Get(metric.Id);
            for (var step = 0; step < 96; step++)
                ForecastShape.Write(forecast, step, metric, p50 - half, p50, p50 + half);
        }

        return forecast;
    }

    private ServerRisk Evaluate(MetricValues now, float[] forecast) => _evaluator.Evaluate(ServerProfile.Generic, now, forecast, loadMedian: 2);
}
