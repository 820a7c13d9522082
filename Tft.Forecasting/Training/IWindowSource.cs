using Tft.Forecasting.Network;

namespace Tft.Forecasting.Training;

/// <summary>Where training windows come from.</summary>
public interface IWindowSource
{
    /// <summary>Windows that there are; does not change while training runs.</summary>
    long Count { get; }

    /// <summary>
    /// Writes one window, inputs and targets, to a slot of a batch. Called from several threads at once, for different slots; must write every element of the slot,
    /// and always the same ones for the same arguments, or a resumed training is another one.
    /// </summary>
    /// <param name="window">Which window, in [0, <see cref="Count"/>).</param>
    /// <param name="batch">The batch.</param>
    /// <param name="slot">Which slot of the batch: index of the first dimension of its arrays.</param>
    /// <param name="seed">A random number of this visit, for augmentation. Validation passes 0 each time.</param>
    void Fill(long window, WindowBatch batch, int slot, ulong seed);
}
