using Tft.Forecasting.Network;

namespace Tft.Forecasting.Engines;

/// <summary>Losses and gradients of a network; one caller at a time. What is done with a gradient is the trainer's business.</summary>
public interface ILearner : IDisposable
{
    /// <summary>Takes over weights for the calls that follow.</summary>
    void Take(TftWeights weights);

    /// <summary>The loss of a batch and its gradient, with the config's dropout.</summary>
    /// <param name="batch">Inputs and targets.</param>
    /// <param name="gradient">In the layout of <see cref="TftWeights.Data"/>; overwritten.</param>
    /// <param name="seed">Names the dropout masks: the same seed, the same masks.</param>
    /// <returns>Mean quantile loss over the seen targets; 0, with a zero gradient, where none is seen.</returns>
    /// <exception cref="ArgumentException">The batch is not valid.</exception>
    double Gradient(WindowBatch batch, float[] gradient, ulong seed);

    /// <summary>Forecasts a batch without dropout.</summary>
    /// <param name="batch">Inputs.</param>
    /// <param name="quantiles">[B, D, M, Q].</param>
    /// <exception cref="ArgumentException">The batch is not valid.</exception>
    void Forecast(WindowBatch batch, Memory<float> quantiles);
}
