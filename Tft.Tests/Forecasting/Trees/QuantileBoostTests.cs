using Tft.Forecasting.Trees;

namespace Tft.Tests.Forecasting.Trees;

[Trait("Ring", "unit")]
public sealed class QuantileBoostTests
{
    private const int Rows = 4000;
    private const int Features = 5;
    private static readonly ForestOptions s_options = new() { Trees = 200, LeastRows = 40, LeafPull = 5, Threads = 1 };

    [Fact]
    public void Grow_TargetsWithASteppedMiddleAndWidth_FindsTheirQuantiles()
    {
        var (rows, targets) = Data(7);
        var forecasts = new float[Rows * 3];

        var forest = QuantileBoost.Grow(Binned(rows), targets, [], forecasts, s_options);

        // middle 5 and width 1 where x0 > 0.5; middle 0 and width 3 elsewhere; uniform
        var said = new float[6];
        forest.Predict([0.9f, 0.3f, 0.3f, 0.3f, 0.3f, 0.1f, 0.3f, 0.3f, 0.3f, 0.3f], said);
        float[] expected = [4.6f, 5, 5.4f, -1.2f, 0, 1.2f];
        for (var i = 0; i < 6; i++)
            Assert.InRange(said[i], expected[i] - 0.25f, expected[i] + 0.25f);
    }

    [Fact]
    public void Grow_TargetsRoundedToACoarseGrid_FindsTheQuantilesOfWhatWasRounded()
    {
        var (rows, _) = Data(13);
        var random = new Random(14);
        // -1, 0 or 1, each of which may have been anything within half a step: uniform between -1.5 and 1.5
        var targets = Enumerable.Range(0, Rows).Select(_ => MathF.Round(3 * (random.NextSingle() - 0.5f))).ToArray();
        var (spread, measured) = (new float[Rows * 3], new float[Rows * 3]);

        QuantileBoost.Grow(Binned(rows), targets, [.. Enumerable.Repeat(1f, Rows)], spread, s_options with { LeastRows = 400 });
        QuantileBoost.Grow(Binned(rows), targets, [], measured, s_options with { LeastRows = 400 });

        float Mean(float[] forecasts, int q) => Enumerable.Range(0, Rows).Average(i => forecasts[(i * 3) + q]);
        Assert.InRange(Mean(spread, 0), -1.3f, -1.1f);
        Assert.InRange(Mean(spread, 2), 1.1f, 1.3f);
        Assert.InRange(Mean(measured, 0), -1.01f, -0.9f);
    }

    [Fact]
    public void Grow_RowsWithoutATarget_AreNotLearnedFrom()
    {
        var (rows, targets) = Data(15);
        for (var i = 0; i < Rows; i += 3)
            targets[i] = float.NaN;
        var forecasts = new float[Rows * 3];

        var forest = QuantileBoost.Grow(Binned(rows), targets, [], forecasts, s_options);

        var said = new float[3];
        forest.Predict([0.9f, 0.3f, 0.3f, 0.3f, 0.3f], said);
        Assert.InRange(said[1], 4.75f, 5.25f);
    }

    [Fact]
    public void Grow_ForecastsThatAreCorrected_AreWhatTheForestSays()
    {
        var (rows, targets) = Data(8);
        var forecasts = new float[Rows * 3];

        var forest = QuantileBoost.Grow(Binned(rows), targets, [], forecasts, s_options);

        var said = new float[Rows * 3];
        for (var i = 0; i < Rows; i += Forest.Rows)
            forest.Predict(rows.AsSpan(i * Features, Forest.Rows * Features), said.AsSpan(i * 3));
        Assert.Equal(said, forecasts);
    }

    [Fact]
    public void Grow_OtherThreads_GivesTheSameForest_OtherSeedAnother()
    {
        var (rows, targets) = Data(9);
        float[] cells = [.. Enumerable.Repeat(0.1f, Rows)];
        Forest Grow(ForestOptions options) => QuantileBoost.Grow(Binned(rows), targets, cells, new float[Rows * 3], options with { Trees = 6 });

        var (one, three, other) = (Grow(s_options), Grow(s_options with { Threads = 3 }), Grow(s_options with { Seed = 2 }));

        Assert.Equal(one.Roots, three.Roots);
        Assert.Equal(one.Nodes, three.Nodes);
        Assert.Equal(one.Leaves, three.Leaves);
        Assert.NotEqual(one.Nodes, other.Nodes);
    }

    [Fact]
    public void Grow_AfterAForest_GoesOnFromWhatItSays()
    {
        var (rows, targets) = Data(10);
        var (whole, halves) = (new float[Rows * 3], new float[Rows * 3]);

        var all = QuantileBoost.Grow(Binned(rows), targets, [], whole, s_options with { Trees = 8 });
        var first = QuantileBoost.Grow(Binned(rows), targets, [], halves, s_options with { Trees = 5 });
        var second = QuantileBoost.Grow(Binned(rows), targets, [], halves, s_options with { Trees = 3 }, first);

        Assert.Equal(all.Nodes, second.Nodes);
        Assert.Equal(all.Leaves, second.Leaves);
        Assert.Equal(whole, halves);
    }

    [Fact]
    public void Grow_NothingToLearn_CorrectsLittle()
    {
        var random = new Random(11);
        var rows = Enumerable.Range(0, Rows * Features).Select(_ => random.NextSingle()).ToArray();
        var targets = Enumerable.Range(0, Rows).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var forecasts = Enumerable.Range(0, Rows).SelectMany(_ => new[] { -0.4f, 0, 0.4f }).ToArray();

        QuantileBoost.Grow(Binned(rows), targets, [], forecasts, new ForestOptions { Trees = 20, Threads = 1 });

        Assert.All(Enumerable.Range(0, Rows), i => Assert.InRange(forecasts[(i * 3) + 1], -0.2f, 0.2f));
    }

    [Fact]
    public void Of_FeatureWithFewValues_HasABinForEach()
    {
        var binned = BinnedRows.Of(new float[] { 3, 1, 2, 2, 1, 3, 3, 3 }, 1, 1);

        Assert.Equal([2, 0, 1, 1, 0, 2, 2, 2], binned.Bytes[0].Select(b => (int)b));
    }

    [Fact]
    public void Grow_Cancelled_Stops()
    {
        var (rows, targets) = Data(12);
        using var source = new CancellationTokenSource();
        var grown = 0;

        Assert.Throws<OperationCanceledException>(() => QuantileBoost.Grow(Binned(rows), targets, [], new float[Rows * 3], s_options, null, t =>
        {
            grown = t;
            if (t == 2)
                source.Cancel();
        }, source.Token));

        Assert.Equal(2, grown);
    }

    private static BinnedRows Binned(float[] rows) => BinnedRows.Of(rows, Features, 1);

    private static (float[] Rows, float[] Targets) Data(int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, Rows * Features).Select(_ => random.NextSingle()).ToArray();
        var targets = new float[Rows];
        for (var i = 0; i < Rows; i++)
            targets[i] = rows[i * Features] > 0.5f ? 5 + random.NextSingle() - 0.5f : 3 * (random.NextSingle() - 0.5f);
        return (rows, targets);
    }
}
