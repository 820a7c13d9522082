using Tft.Forecasting.Kernels;
using Tft.Forecasting.Network;

namespace Tft.Forecasting.Training;

/// <summary>Takes whole real inputs away from a window, so that the network does not lean on any one of them.</summary>
internal static class InputDropout
{
    /// <summary>Zeroes each known, metric, past and future input of a slot with a chance of <paramref name="share"/>, over all its steps.</summary>
    public static void Apply(WindowBatch batch, int slot, ulong seed, float share)
    {
        var c = batch.Config;
        Zero(batch.Known, slot, c.Steps, c.Known, Counter.At(seed, 0), share);
        Zero(batch.Metrics, slot, c.Encoder, c.Metrics, Counter.At(seed, 1), share);
        Zero(batch.Past, slot, c.Encoder, c.Past, Counter.At(seed, 2), share);
        Zero(batch.Future, slot, c.Decoder, c.Future, Counter.At(seed, 3), share);
    }

    private static void Zero(float[] values, int slot, int steps, int columns, ulong seed, float share)
    {
        for (var column = 0; column < columns; column++)
        {
            if (Counter.Uniform(Counter.At(seed, (ulong)column)) >= share)
            {
                continue;
            }

            for (int t = 0, at = (slot * steps * columns) + column; t < steps; t++, at += columns)
            {
                values[at] = 0f;
            }
        }
    }
}
