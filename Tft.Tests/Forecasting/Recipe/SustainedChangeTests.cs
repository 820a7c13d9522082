using Tft.Forecasting.Data;
using Tft.Forecasting.Network;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Forecasting.Recipe.Tables;
using Tft.Tests.Forecasting.Data;

namespace Tft.Tests.Forecasting.Recipe;

/// <summary>What the recipe sees of a metric that leaves its usual range and does not come back.</summary>
[Trait("Ring", "unit")]
public sealed class SustainedChangeTests
{
    private const int Origin = 1200;

    [Fact]
    public void Look_AtALeakFarOutside_WithStretchStillSeesItGrow()
    {
        var (series, tables) = Leaking();
        var (clipped, stretched) = (new WindowView(), new WindowView(stretches: true));

        clipped.Look(series.Values, Origin, series.SlotOf(Origin), tables);
        stretched.Look(series.Values, Origin, series.SlotOf(Origin), tables);

        Assert.Equal(clipped.Anomalies(0)[^1], clipped.Anomalies(0)[^20]);
        Assert.True(stretched.Anomalies(0)[^1] > 1.2f * stretched.Anomalies(0)[^20]);
        Assert.True(stretched.Scale(0) > 5 * clipped.Scale(0));
        Assert.Equal(series.Values[0][Origin], tables.Metrics[0].Profile.Location[series.SlotOf(Origin)] + (stretched.Scale(0) * stretched.Anomalies(0)[^1]), 3);
    }

    [Fact]
    public void Look_AtOneOddValue_StretchesNothing()
    {
        var (series, tables) = Leaking(leak: 0);
        series.Values[0][Origin] += 100;
        var view = new WindowView(stretches: true);

        view.Look(series.Values, Origin, series.SlotOf(Origin), tables);

        Assert.Equal(tables.Metrics[0].Scale, view.Scale(0));
    }

    [Fact]
    public void Of_AStraightLine_GoesOnWithIt()
    {
        var line = TrendLine.Of([.. Enumerable.Range(0, 12).Select(i => 3f - (0.5f * i))]);

        Assert.Equal(-2.5f, line.Level, 4);
        Assert.Equal(-2.5f - (0.5f * 96), line.At(95), 3);
        Assert.Equal(-1, line.Straightness, 4);
    }

    [Fact]
    public void Of_NothingThatMoves_IsLevel() => Assert.Equal(new TrendLine(2, 0, 0), TrendLine.Of([2f, 2f, 2f]));

    [Fact]
    public void Of_AServerWithALeak_TakesItsHoursAndHardlyAnyOther()
    {
        var (series, tables) = Leaking();

        var found = UnusualHours.Of(series, tables, Protocol.LookBack, Origin + 1).ToArray();

        Assert.Equal(Enumerable.Range(Origin - 23, 24), found.Where(u => u.Metric == 0 && u.Origin > Origin - 24).Select(u => u.Origin));
        Assert.InRange(found.Length, 24, (Origin - Protocol.LookBack) * series.Metrics / 10);
    }

    [Fact]
    public void Fill_UnusualOrigins_AreTrainedOnBesideTheRegularOnes()
    {
        var (series, _) = Leaking();
        var options = new RecipeOptions { Threads = 1 };
        var model = RecipeFit.Pooled([series], options);
        LearnedSeries[] newcomer = [.. Enumerable.Repeat(model.Newcomer, series.Metrics)];
        var server = new TrainingServer(series, RecipeFit.Tables(series, options), newcomer, newcomer, 0.5, 0);
        using var regular = new TrainingWindows([server], model.Ridge, 12, 8, stretches: true);
        using var all = new TrainingWindows([server], model.Ridge, 12, 8, stretches: true, unusual: true);
        var config = NetworkShape.Of(4, 1, 0);
        WindowBatch first = new(config, 1, training: true), last = new(config, 1, training: true);

        all.Fill(all.Count - 1, last, 0, 0);
        all.Fill(regular.Count - 1, first, 0, 0);

        Assert.True(all.Count > regular.Count);
        Assert.Contains(last.Targets, float.IsFinite);
        Assert.NotEqual(first.Metrics, last.Metrics);
    }

    /// <summary>A server whose first metric grows for four hours up to an origin, far beyond what is usual, and its tables from before.</summary>
    private static (ServerSeries Series, ServerTables Tables) Leaking(float leak = 0.05f)
    {
        var series = SyntheticSeries.Create(3);
        var tables = CrossFit.Build(series.Values, series.FirstStep, 0, Origin - 48, 0).All;
        for (var i = 0; i < 48; i++)
            series.Values[0][Origin - 47 + i] += leak * i;
        return (series, tables);
    }
}
