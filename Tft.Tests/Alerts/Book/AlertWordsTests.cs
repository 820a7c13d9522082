using Microsoft.Extensions.Options;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Alerts;
using Tft.Inference.Alerts.Delivery;
using Tft.Inference.Forecasts;
using Tft.Inference.Risk;
using Tft.Tests.Serving;

namespace Tft.Tests.Alerts.Book;

/// <summary>What an alert says is of its own level: the words, the threshold and when that is reached.</summary>
[Trait("Ring", "unit")]
public sealed class AlertWordsTests : IDisposable
{
    private readonly AlertScene _scene = new();
    private readonly RiskEvaluator _evaluator = new(new ThresholdTable(Options.Create(new RiskOptions())), new ProbabilityCalibration());

    [Fact]
    public void Measured_AboveCriticalForOneSnapshot_TheWarningTellsOfWarning()
    {
        See(measured: 91);
        See(measured: 91);
        See(measured: 96);

        var warning = _scene.Only("measured_warning");
        Assert.Equal(("firing", "warning", 90), (warning.State, warning.Severity, warning.Threshold));
        Assert.Equal("ppml0001: memory is at 96 % (warning from 90 %)", AlertText.Of(warning));
        var critical = _scene.Only("measured_critical");
        Assert.Equal(("pending", "critical", 95), (critical.State, critical.Severity, critical.Threshold));
        Assert.Equal("ppml0001: memory is at 96 % (critical from 95 %)", AlertText.Of(critical));
    }

    [Fact]
    public void Measured_BelowItsLevelWhileItRecovers_TellsItsValueAndItsLevel()
    {
        See(measured: 97);
        See(measured: 97);
        See(measured: 94);

        var critical = _scene.Only("measured_critical");
        Assert.Equal(("firing", 95d), (critical.State, critical.Threshold));
        Assert.Equal("ppml0001: memory is at 94 % (critical from 95 %)", AlertText.Of(critical));
        Assert.Equal(94, Assert.Single(critical.Reasons).Value);
    }

    /// <summary>The p90 crosses both thresholds, the one an hour after the other.</summary>
    [Fact]
    public void Forecast_BandThatReachesCriticalLater_TheWarningTellsWhenItReachesWarning()
    {
        for (var i = 0; i < 6; i++)
            See(60, (12, 88, 91, 92), (24, 91, 94, 96));

        var warning = _scene.Only("forecast_warning");
        Assert.Equal(("firing", "warning", 90), (warning.State, warning.Severity, warning.Threshold));
        Assert.Equal("ppml0001: memory reaches 90 % (warning) by p50 in 1 h 5 min", AlertText.Of(warning));
        Assert.Equal([("p50", 65, 91), ("p90", 65, 92)], warning.Reasons.Select(r => (r.Quantile, r.LeadMinutes, (int)Math.Round(r.Value))));
        Assert.Equal((Ahead(65), Ahead(65)), (warning.ExpectedAt.P50, warning.ExpectedAt.P90));
        Assert.DoesNotContain(_scene.Book.OpenAlerts(), a => a.Severity == "critical" && a.State == "firing");
    }

    [Fact]
    public void Forecast_BothLevelsReached_EachTellsOfItsOwn()
    {
        for (var i = 0; i < 6; i++)
            See(60, (2, 80, 89, 91), (12, 90, 92, 96), (24, 95.5f, 97, 98));

        var (warning, critical) = (_scene.Only("forecast_warning"), _scene.Only("forecast_critical"));
        Assert.Equal("ppml0001: memory reaches 90 % (warning) by p90 in 15 min", AlertText.Of(warning));
        Assert.Equal((Ahead(65), Ahead(15)), (warning.ExpectedAt.P50, warning.ExpectedAt.P90));
        Assert.Equal("ppml0001: memory reaches 95 % (critical) by p90 in 1 h 5 min", AlertText.Of(critical));
        Assert.Equal((Ahead(125), Ahead(65)), (critical.ExpectedAt.P50, critical.ExpectedAt.P90));
        Assert.Equal((90d, 95d), (warning.Threshold, critical.Threshold));
    }

    [Fact]
    public void Forecast_AlreadyMeasured_TellsWhatIsMeasured()
    {
        for (var i = 0; i < 6; i++)
            See(92, (12, 92, 93, 94));

        var warning = _scene.Only("forecast_warning");
        Assert.Equal("ppml0001: memory is at 92 % (warning from 90 %)", AlertText.Of(warning));
        Assert.Equal((null, null), (warning.ExpectedAt.P50, warning.ExpectedAt.P90));
    }

    /// <summary>A probability between recovery and threshold holds a critical alert, while no quantile reaches critical any more.</summary>
    [Fact]
    public void Imminent_RecoveringBelowItsLevel_StandsByWhatItSaidLast()
    {
        See(60, (3, 80, 92, 96));
        See(60, (3, 80, 92, 96));
        var before = _scene.Only("imminent_critical");
        Assert.Equal("ppml0001: memory reaches 95 % (critical) by p90 in 20 min", AlertText.Of(before));
        See(60, (3, 80, 92, 94.8f));

        var after = _scene.Only("imminent_critical");
        Assert.Equal(("firing", AlertText.Of(before), 95d), (after.State, AlertText.Of(after), after.Threshold));
    }

    [Fact]
    public void CpuUse_ReadFromIdle_TellsUseAndTheThresholdOfIdle()
    {
        var idle = (int)Metric.CpuIdle;
        for (var i = 0; i < 6; i++)
        {
            var forecast = Calm();
            for (var step = 12; step < 96; step++)
                ForecastShape.Write(forecast, step, MetricCatalog.All[idle], 4, 8, 9.5f);
            See(Rows.Calm(0), forecast);
        }

        var warning = _scene.Only("forecast_warning");
        Assert.Equal(("cpu_idle_pct", 10d), (warning.Metric, warning.Threshold));
        Assert.Equal("ppml0001: CPU use reaches 90 % (warning) by p50 in 1 h 5 min", AlertText.Of(warning));
    }

    /// <summary>Whatever comes, no alert tells of another level than its own, and its numbers are those of its words.</summary>
    [Fact]
    public void Any_Alert_IsOfOneLevel()
    {
        var random = new Random(7);
        var seen = new HashSet<string>();
        for (var i = 0; i < 3000; i++)
        {
            // calm, bad and worse stretches
            var level = (i / 40 % 4) switch { 0 => 70, 1 => 88, 2 => 92, _ => 95 };
            float Near() => level + (6 * random.NextSingle()) - 3;
            See(Near(), (0, Near() - 3, Near(), Near() + 3), (random.Next(1, 40), Near() - 3, Near(), Near() + 4), (random.Next(40, 90), Near() - 3, Near(), Near() + 4));
            foreach (var alert in _scene.Book.OpenAlerts())
            {
                seen.Add(alert.Rule);
                AssertOfOneLevel(alert);
            }
        }

        Assert.Equal(AlertRules.Default.All.Select(r => r.Name).Order(), seen.Order());
    }

    public void Dispose() => _scene.Dispose();

    private static void AssertOfOneLevel(AlertInfo alert)
    {
        Assert.NotEmpty(alert.Reasons);
        foreach (var reason in alert.Reasons)
        {
            Assert.Equal((alert.Severity, alert.Threshold), (reason.Level, reason.Threshold));
            Assert.Contains($"({alert.Severity}", reason.Text, StringComparison.Ordinal);
            Assert.Contains($"{alert.Threshold} %", reason.Text, StringComparison.Ordinal);
            if (reason.Quantile != "measured")
                Assert.True(reason.Value >= alert.Threshold && reason.LeadMinutes > 0);
            else if (alert.Rule.StartsWith("forecast_", StringComparison.Ordinal) || alert.Rule.StartsWith("imminent_", StringComparison.Ordinal))
                Assert.True(reason.Value >= alert.Threshold);
        }
    }

    private DateTimeOffset Ahead(int minutes) => _scene.Clock.GetUtcNow().AddMinutes(minutes);

    /// <summary>Memory as measured, and its quantiles from some steps on.</summary>
    private void See(float measured, params ReadOnlySpan<(int Step, float P10, float P50, float P90)> changes)
    {
        var forecast = Calm();
        foreach (var (first, p10, p50, p90) in changes)
        {
            for (var step = first; step < TimeGrid.HorizonSteps; step++)
                ForecastShape.Write(forecast, step, MetricCatalog.Get(Metric.MemUsed), p10, p50, p90);
        }

        See(Rows.Calm(0).With(Metric.MemUsed, measured), forecast);
    }

    private void See(MetricValues measured, float[] forecast) => _scene.See(_evaluator.Evaluate(ServerProfile.Generic, measured, forecast, loadMedian: 2));

    private static float[] Calm()
    {
        var forecast = new float[ForecastShape.PerServer];
        foreach (var metric in MetricCatalog.All)
        {
            for (var step = 0; step < TimeGrid.HorizonSteps; step++)
                ForecastShape.Write(forecast, step, metric, Rows.Calm(0).Get(metric.Id), Rows.Calm(0).Get(metric.Id), Rows.Calm(0).Get(metric.Id));
        }

        return forecast;
    }
}
