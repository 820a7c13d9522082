using Tft.Forecasting.Network;

namespace Tft.Tests.Forecasting.Network;

[Trait("Ring", "unit")]
public sealed class LearnTests
{
    private const ulong Seed = 99;

    [Theory]
    [InlineData(0f, false)]
    [InlineData(0.3f, false)]
    [InlineData(0.3f, true)]
    public void Learn_WithDropout_GradientIsTheSlopeOfTheLoss(float dropout, bool wideHead)
    {
        var config = Config(dropout) with { WideHead = wideHead };
        var (weights, batch) = (new TftWeights(config), Batch(config));
        weights.Initialize(5);
        using var network = new SlicedNetwork(config, 2);
        var gradient = new float[weights.Data.Length];
        double Loss(float step)
        {
            var moved = weights.Clone();
            for (var i = 0; i < gradient.Length; i++)
            {
                moved.Data[i] += step * gradient[i];
            }

            network.Pack(moved);
            return network.Learn(batch, moved, new float[gradient.Length], Seed);
        }

        network.Pack(weights);
        network.Learn(batch, weights, gradient, Seed);
        var square = gradient.Sum(g => (double)g * g);
        var step = (float)(2e-3 / Math.Sqrt(square));

        var slope = (Loss(step) - Loss(-step)) / (2.0 * step);

        Assert.Equal(1.0, slope / square, 0.01);
    }

    [Fact]
    public void Learn_Dropout_IsNamedByTheSeed()
    {
        var config = Config(0.3f);
        var (weights, batch) = (new TftWeights(config), Batch(config));
        weights.Initialize(5);
        using var network = new SlicedNetwork(config, 2);
        network.Pack(weights);
        var gradient = new float[weights.Data.Length];

        var first = network.Learn(batch, weights, gradient, Seed);

        Assert.Equal(first, network.Learn(batch, weights, gradient, Seed));
        Assert.NotEqual(first, network.Learn(batch, weights, gradient, Seed + 1));
    }

    [Fact]
    public void Forecast_WideHead_IsTheSinhOfTheLinearOne()
    {
        var config = Config(0f);
        var (weights, batch) = (new TftWeights(config), Batch(config));
        weights.Initialize(5);
        var outputs = batch.Count * config.Decoder * config.Metrics * config.Quantiles.Length;
        var (linear, wide) = (new float[outputs], new float[outputs]);
        using var network = new SlicedNetwork(config, 1);
        network.Pack(weights);
        network.Forecast(batch, linear);
        using var opened = new SlicedNetwork(config with { WideHead = true }, 1);
        opened.Pack(weights);
        opened.Forecast(batch, wide);

        for (var i = 0; i < outputs; i++)
            Assert.Equal(MathF.Sinh(linear[i]), wide[i], 1e-5f);
    }

    [Fact]
    public void Learn_NoTargetSeen_GivesZero()
    {
        var config = Config(0f);
        var (weights, batch) = (new TftWeights(config), Batch(config));
        weights.Initialize(5);
        Array.Fill(batch.Targets, float.NaN);
        using var network = new SlicedNetwork(config, 1);
        network.Pack(weights);
        var gradient = new float[weights.Data.Length];
        gradient[3] = 1f;

        Assert.Equal(0.0, network.Learn(batch, weights, gradient, Seed));
        Assert.All(gradient, g => Assert.Equal(0f, g));
    }

    [Fact]
    public void Learn_TargetWeights_ScaleTheLossOfTheirTargets()
    {
        var config = Config(0f);
        var (weights, batch) = (new TftWeights(config), Batch(config));
        weights.Initialize(5);
        using var network = new SlicedNetwork(config, 1);
        network.Pack(weights);
        var gradient = new float[weights.Data.Length];
        double With(Func<int, float> weight)
        {
            for (var i = 0; i < batch.TargetWeights.Length; i++)
            {
                batch.TargetWeights[i] = weight(i);
            }

            return network.Learn(batch, weights, gradient, Seed);
        }

        // the weighted mean of two halves is the mean of all, and a common factor does not count
        var (even, odd, all) = (With(i => i % 2 == 0 ? 1f : 0f), With(i => i % 2 == 1 ? 1f : 0f), With(_ => 1f));

        Assert.Equal(all, (even + odd) / 2.0, 1e-6);
        Assert.Equal(all, With(_ => 7f), 1e-6);
    }

    private static TftConfig Config(float dropout) => new()
    {
        Hidden = 12, Heads = 3, Encoder = 9, Decoder = 4, Metrics = 2, Known = 1, StaticSizes = [3, 2], ObservedSizes = [4], Past = 1, Future = 2, Dropout = dropout,
    };

    private static WindowBatch Batch(TftConfig config)
    {
        var (random, batch) = (new Random(3), new WindowBatch(config, 10) { Count = 10 });
        foreach (var values in (float[][])[batch.Known, batch.Metrics, batch.Past, batch.Future, batch.Targets])
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)((random.NextDouble() * 4) - 2);
            }
        }

        for (var i = 0; i < batch.Observed.Length; i++)
        {
            batch.Observed[i] = random.Next(4);
        }

        for (var i = 0; i < batch.Static.Length; i++)
        {
            batch.Static[i] = random.Next(2);
        }

        return batch;
    }
}
