using Tft.Forecasting.Network;

namespace Tft.Bench.Engine;

/// <summary>A shape to time: the fleet's fourteen metrics at once, or one metric a window.</summary>
internal sealed record EngineCase(int Hidden, int Heads, bool PerMetric)
{
    public TftConfig Config => PerMetric
        ? new TftConfig { Hidden = Hidden, Heads = Heads, Encoder = 96, Metrics = 1, Known = 0, Past = 4, Future = 17 }
        : new TftConfig { Hidden = Hidden, Heads = Heads };

    public TftWeights Weights()
    {
        var weights = new TftWeights(Config);
        weights.Initialize(1);
        return weights;
    }

    /// <summary>Random inputs and targets, as the reference draws them: every window has its own.</summary>
    public WindowBatch Batch(int count)
    {
        var (random, batch) = (new Random(1), new WindowBatch(Config, count) { Count = count });
        foreach (var values in (float[][])[batch.Known, batch.Metrics, batch.Past, batch.Future, batch.Targets])
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            }
        }

        Fill(batch.Static, Config.StaticSizes, random);
        Fill(batch.Observed, Config.ObservedSizes, random);
        return batch;
    }

    private static void Fill(int[] values, int[] sizes, Random random)
    {
        for (var i = 0; i < values.Length && sizes.Length > 0; i++)
        {
            values[i] = random.Next(sizes[i % sizes.Length]);
        }
    }
}
