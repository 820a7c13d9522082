using Tft.Forecasting.Engines;
using Tft.Forecasting.Network;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Forecasting.Engines;

[Trait("Ring", "unit")]
public sealed class ManagedModelTests
{
    private static readonly TftConfig s_config = new()
    {
        Hidden = 20, Heads = 2, Encoder = 23, Decoder = 9, Metrics = 3, Known = 2, StaticSizes = [4], ObservedSizes = [5], Past = 1, Future = 2,
    };

    private static int Size => s_config.Decoder * s_config.Metrics * s_config.Quantiles.Length;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public void Forecast_AnyBatchAndThreads_GivesEachWindowTheSame(int count)
    {
        var (weights, batch) = (Weights(), Batch(count, 1.0));
        var (one, three) = (new float[count * Size], new float[count * Size]);
        using var single = new ManagedEngine(1).Load(weights);
        using var several = new ManagedEngine(3).Load(weights);

        single.Forecast(batch, one);
        several.Forecast(batch, three);

        Assert.Equal(one, three);
        Assert.Contains(one, v => v != 0f);
    }

    [Fact]
    public void Forecast_InputsBeyondTheTables_AreComputed()
    {
        var (weights, batch) = (Weights(), Batch(9, 5.0));
        var (looked, exact) = (new float[9 * Size], new float[9 * Size]);
        using var model = new ManagedEngine(2).Load(weights);
        using var learner = new ManagedEngine(2).Learner(s_config);
        learner.Take(weights);

        model.Forecast(batch, looked);
        learner.Forecast(batch, exact);

        Assert.True(batch.Metrics.Count(v => Math.Abs(v) > 6f) > 100);
        for (var i = 0; i < looked.Length; i++)
        {
            Assert.Equal(exact[i], looked[i], 2e-5f);
        }
    }

    [Fact]
    public async Task Forecast_FromSeveralThreadsAtOnce_GivesEachTheSame()
    {
        var (weights, batch) = (Weights(), Batch(5, 1.0));
        using var model = new ManagedEngine(2).Load(weights);
        var expected = new float[5 * Size];
        model.Forecast(batch, expected);

        var callers = Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
        {
            var own = new float[5 * Size];
            for (var i = 0; i < 20; i++)
            {
                own.AsSpan().Clear();
                model.Forecast(batch, own);
                Assert.Equal(expected, own);
            }
        }));

        await Task.WhenAll(callers).WaitAsync(Eventually.Long);
    }

    [Fact]
    public void Forecast_Repeated_AllocatesNothing()
    {
        var (weights, batch) = (Weights(), Batch(5, 1.0));
        using var model = new ManagedEngine(1).Load(weights);
        var quantiles = new float[5 * Size];
        model.Forecast(batch, quantiles);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 10; i++)
        {
            model.Forecast(batch, quantiles);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Forecast_CategoryOutOfRange_SaysWhich()
    {
        var batch = Batch(2, 1.0);
        batch.Observed[30] = 5;
        using var model = new ManagedEngine(1).Load(Weights());

        var error = Assert.Throws<ArgumentException>(() => model.Forecast(batch, new float[2 * Size]));

        Assert.Contains("observed categorical 0 is 5 in row 30", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forecast_NoRoomForQuantiles_IsRefused()
    {
        using var model = new ManagedEngine(1).Load(Weights());

        Assert.Throws<ArgumentException>(() => model.Forecast(Batch(2, 1.0), new float[Size]));
    }

    [Fact]
    public void Forecast_BatchOfAnotherShape_IsRefused()
    {
        using var model = new ManagedEngine(1).Load(Weights());
        var other = new WindowBatch(s_config with { Future = 3 }, 1) { Count = 1 };

        Assert.Throws<ArgumentException>(() => model.Forecast(other, new float[Size]));
    }

    [Fact]
    public void Forecast_AfterDispose_IsRefused()
    {
        var model = new ManagedEngine(2).Load(Weights());
        model.Dispose();

        Assert.Throws<ObjectDisposedException>(() => model.Forecast(Batch(1, 1.0), new float[Size]));
    }

    [Fact]
    public void Forecast_NoStaticsAndNoObserved_Works()
    {
        var config = s_config with { StaticSizes = [], ObservedSizes = [], Known = 0 };
        var weights = new TftWeights(config);
        weights.Initialize(2);
        var batch = new WindowBatch(config, 3) { Count = 3 };
        using var model = new ManagedEngine(2).Load(weights);
        using var learner = new ManagedEngine(2).Learner(config);
        var (looked, exact) = (new float[3 * Size], new float[3 * Size]);
        learner.Take(weights);

        model.Forecast(batch, looked);
        learner.Forecast(batch, exact);

        Assert.Equal(exact[7], looked[7], 2e-5f);
        Assert.True(learner.Gradient(batch, new float[weights.Data.Length], 1) > 0.0);
    }

    private static TftWeights Weights()
    {
        var weights = new TftWeights(s_config);
        weights.Initialize(1);
        return weights;
    }

    private static WindowBatch Batch(int count, double scale)
    {
        var (random, batch) = (new Random(1), new WindowBatch(s_config, count) { Count = count });
        foreach (var values in (float[][])[batch.Known, batch.Metrics, batch.Past, batch.Future])
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)(((random.NextDouble() * 4) - 2) * scale);
            }
        }

        for (var i = 0; i < batch.Observed.Length; i++)
        {
            batch.Observed[i] = random.Next(5);
        }

        for (var i = 0; i < batch.Static.Length; i++)
        {
            batch.Static[i] = random.Next(4);
        }

        return batch;
    }
}
