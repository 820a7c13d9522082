namespace Tft.Forecasting.Network.Buffers;

/// <summary>
/// Where the layers of a network keep things: their weights as the kernels read them, their gradients, and what a worker's forward pass leaves for its
/// backward pass. A layer takes its places when it is built and is immutable from then on; so one network serves any number of workers.
/// </summary>
/// <param name="learns">Whether there will be a backward pass; without one, what it would need takes no memory.</param>
internal sealed class Plan(bool learns)
{
    public bool Learns => learns;

    /// <summary>Weights, folded, padded and packed; one block, shared.</summary>
    public Layout Weights { get; } = new();

    /// <summary>Gradients in the layout of the kernels; one block for each slice of a batch.</summary>
    public Layout Gradient { get; } = new();

    /// <summary>Activations; one block for each worker.</summary>
    public Layout Tape { get; } = new();

    private int _sites;

    /// <summary>A number for one place where dropout strikes.</summary>
    public ulong NextSite() => (ulong)_sites++;
}
