using Tft.Forecasting.Kernels;

namespace Tft.Forecasting.Network.Buffers;

/// <summary>The memory and the randomness of one slice on its way through the network.</summary>
internal readonly unsafe struct Pass
{
    /// <summary>Prepared weights.</summary>
    public required float* Weights { get; init; }

    /// <summary>The worker's activations.</summary>
    public required float* Tape { get; init; }

    /// <summary>The slice's gradients; null when only a forecast is wanted.</summary>
    public float* Gradient { get; init; }

    /// <summary>Names the dropout masks of this step and slice.</summary>
    public ulong Seed { get; init; }

    /// <summary>Dropped share times 2^32; 0 for none.</summary>
    public uint Threshold { get; init; }

    /// <summary>1 / kept share.</summary>
    public float Keep { get; init; }

    /// <summary>Drops entries of x [rows, 16 blocks]; called again with the same site and window it repeats the mask.</summary>
    public void Drop(float* x, int rows, int blocks, ulong site, int window)
    {
        if (Threshold != 0)
        {
            Dropout.Apply(x, rows, blocks, Counter.At(Counter.At(Seed, site), (ulong)window), Threshold, Keep);
        }
    }
}
