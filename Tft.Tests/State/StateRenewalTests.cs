using Tft.Contract.Metrics;
using Tft.Forecasting.Data;
using Tft.Forecasting.Models;
using Tft.Inference.Forecasts;
using Tft.Inference.State;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.State;

/// <summary>Three weeks of servers, step by step through windows, history, renewal and forecaster.</summary>
[Trait("Ring", "component")]
public sealed class StateRenewalTests : IDisposable
{
    private const int Day = Protocol.Day;
    private readonly TempFolder _folder = new();

    [Fact]
    public void Forecast_AfterThreeWeeks_EqualsTheEvaluationAsInService()
    {
        using var rig = new StateRig(_folder.Path);
        var series = WeeksModel.Series(seed: 3, days: 23);
        const int known = 21 * Day;
        rig.Feed(series, 0, known);
        rig.Forecast(0);
        rig.Renew();
        Assert.Equal((1, 14), (rig.Book.Servers, rig.Book.Find(0)!.Days));
        var served = rig.Forecast(0);

        var scored = ModelEvaluation.Forecast(WeeksModel.Model, series with { FitSteps = known }, EvaluationTrack.Service, withNetworks: true, historyDays: 14);
        for (var step = 0; step < Protocol.Horizon; step++)
        {
            for (var m = 0; m < WeeksModel.Metrics; m++)
            {
                for (var q = 0; q < 3; q++)
                    Assert.Equal(scored.At(0, step, m)[q], served[ForecastShape.At(step, m) + q], 1e-4f);
            }
        }
    }

    [Fact]
    public void Forecast_FromWeeks_IsCloserThanFromADay()
    {
        using var weeks = new StateRig(_folder.Path);
        using var other = new TempFolder();
        using var day = new StateRig(other.Path, StateUse.Day);
        var series = WeeksModel.Series(seed: 4, days: 17);
        foreach (var rig in (StateRig[])[weeks, day])
        {
            rig.Feed(series, 0, 15 * Day);
            rig.Forecast(0);
            rig.Renew();
        }

        Assert.Equal((1, 0), (weeks.Book.Servers, day.Book.Servers));
        double fromWeeks = 0, fromADay = 0;
        for (var origin = 15 * Day; origin < 16 * Day; origin += 24)
        {
            weeks.Feed(series, origin, origin + 24);
            day.Feed(series, origin, origin + 24);
            fromWeeks += Loss(weeks.Forecast(0), series, origin + 24);
            fromADay += Loss(day.Forecast(0), series, origin + 24);
        }

        Assert.True(fromWeeks < 0.95 * fromADay, $"loss from weeks {fromWeeks:F1}, from a day {fromADay:F1}");
    }

    [Fact]
    public void Restart_KeepsStates_AndForecastsAreTheSameToTheBit()
    {
        var series = WeeksModel.Series(seed: 5, days: 16);
        float[] before;
        using (var rig = new StateRig(_folder.Path))
        {
            rig.Feed(series, 0, 15 * Day);
            rig.Forecast(0);
            rig.Renew();
            before = rig.Forecast(0);
        }

        using var after = new StateRig(_folder.Path);
        after.Feed(series, 13 * Day, 15 * Day);
        var newcomer = after.Forecast(0);
        Assert.NotEqual(before, newcomer);
        after.Renew();
        Assert.Equal((1, 0L), (after.Book.Servers, after.Renewal.Renewals));
        Assert.Equal(before, after.Forecast(0));
    }

    [Fact]
    public void Restart_ADamagedSlot_IsRefusedWithTheReasonAndTheServerIsForecastFromItsWindow()
    {
        var series = WeeksModel.Series(seed: 5, days: 16);
        using (var rig = new StateRig(_folder.Path))
        {
            rig.Feed(series, 0, 15 * Day);
            rig.Forecast(0);
            rig.Renew();
        }

        var path = _folder.File("state.tft");
        var bytes = File.ReadAllBytes(path);
        bytes[5_000] ^= 1;
        File.WriteAllBytes(path, bytes);
        Directory.Delete(_folder.File("history"), recursive: true);

        using var after = new StateRig(_folder.Path);
        after.Feed(series, 13 * Day, 15 * Day);
        var newcomer = after.Forecast(0);
        after.Renew();
        Assert.Equal(0, after.Book.Servers);
        Assert.Contains(after.Log.All, l => l.Contains($"slot 0, of {series.Name}: its checksum does not hold", StringComparison.Ordinal));
        Assert.Equal(newcomer, after.Forecast(0));
    }

    [Fact]
    public void Renew_AFullDisk_SaysSoAndServesFromMemory()
    {
        using var rig = new StateRig(_folder.Path, write: (_, _, _) => throw new IOException("No space left on device"));
        rig.Feed(WeeksModel.Series(seed: 5, days: 6), 0, 6 * Day);
        rig.Forecast(0);
        rig.Renew();
        Assert.Equal(1, rig.Book.Servers);
        Assert.Contains("No space left on device", rig.File.Fault);
        Assert.Single(rig.Log.All, l => l.Contains("No space left", StringComparison.Ordinal));
    }

    [Fact]
    public void Renew_FewerThanFourDays_LearnsNothing()
    {
        using var rig = new StateRig(_folder.Path);
        rig.Feed(WeeksModel.Series(seed: 5, days: 4), 0, (4 * Day) - 2);
        var newcomer = rig.Forecast(0);
        rig.Renew();
        Assert.Equal(0, rig.Book.Servers);
        Assert.Equal(newcomer, rig.Forecast(0));
    }

    [Fact]
    public void Renew_EveryDayOfRecords_OnceADayAndNotByTheClock()
    {
        using var rig = new StateRig(_folder.Path);
        var series = WeeksModel.Series(seed: 6, days: 8);
        rig.Feed(series, 0, 5 * Day);
        rig.Forecast(0);
        rig.Renew();
        Assert.Equal(1, rig.Renewal.Renewals);

        rig.Clock.Advance(TimeSpan.FromDays(30));
        rig.Renew();
        Assert.Equal(1, rig.Renewal.Renewals);

        for (var hour = 0; hour < 72; hour++)
        {
            rig.Feed(series, (5 * Day) + (hour * 12), (5 * Day) + ((hour + 1) * 12));
            rig.Forecast(0);
            rig.Renew();
        }

        Assert.InRange(rig.Renewal.Renewals, 4, 5);
        Assert.True(rig.Book.Find(0)!.Step > series.FirstStep + (7 * Day));
    }

    [Fact]
    public void Renew_AnotherModel_CoefficientsAreLearnedAnew()
    {
        using var rig = new StateRig(_folder.Path);
        rig.Feed(WeeksModel.Series(seed: 6, days: 5), 0, 5 * Day);
        rig.Forecast(0);
        rig.Renew();
        var first = rig.Book.Find(0)!;

        var model = WeeksModel.Model with { Config = WeeksModel.Model.Config with { Recipe = WeeksModel.Model.Config.Recipe with { Shrinkage = 50 } } };
        Models.TinyModel.Save(_folder.File("models"), "tft_model_20260102_000000", model);
        rig.Models.TakeNewer();
        Assert.NotEqual(first.Recipe, rig.Models.Current!.Recipe);
        Assert.Null(rig.Selection.For(0, rig.Models.Current, first.Metrics));
        rig.Book.LookAgainAt(0, 0);
        rig.Renew();
        Assert.Equal(rig.Models.Current.Recipe, rig.Book.Find(0)!.Recipe);
        Assert.NotNull(rig.Selection.For(0, rig.Models.Current, first.Metrics));
    }

    [Fact]
    public void Forecast_AMetricThatIsNewSinceTheState_ComesFromTheWindowUntilItIsLearned()
    {
        using var rig = new StateRig(_folder.Path);
        var series = WeeksModel.Series(seed: 7, days: 7);
        var swap = (int)Metric.SwapUsed;
        var still = series with { Values = [.. series.Values.Select((v, m) => m == swap ? [.. v.Select(_ => 0f)] : v)] };
        rig.Feed(still, 0, 5 * Day);
        rig.Forecast(0);
        rig.Renew();
        Assert.False(rig.Book.Find(0)!.Knows(Metric.SwapUsed));

        rig.Feed(series, 5 * Day, 5 * Day + 12);
        rig.Forecast(0);
        rig.Renew();
        Assert.True(rig.Book.Find(0)!.Knows(Metric.SwapUsed));
    }

    [Fact]
    public void Retire_ForgetsTheStateAndFreesItsSlot()
    {
        using var rig = new StateRig(_folder.Path);
        rig.Feed(WeeksModel.Series(seed: 6, days: 5), 0, 5 * Day);
        rig.Forecast(0);
        rig.Renew();
        rig.Book.Forget(0);
        rig.File.Free("s6");
        Assert.Equal((0, 0L), (rig.Book.Servers, rig.Book.Bytes));
        Assert.Null(rig.File.Load("s6"));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Sum of the pinball losses of a forecast.</summary>
    private static double Loss(float[] forecast, ServerSeries series, int first)
    {
        double loss = 0;
        for (var step = 0; step < Protocol.Horizon; step++)
        {
            for (var m = 0; m < series.Metrics; m++)
            {
                for (var q = 0; q < 3; q++)
                {
                    var miss = series.Values[m][first + step] - forecast[ForecastShape.At(step, m) + q];
                    loss += Math.Max(Protocol.Quantiles[q] * miss, (Protocol.Quantiles[q] - 1) * miss);
                }
            }
        }

        return loss;
    }
}
