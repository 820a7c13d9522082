using Tft.Forecasting.Network;

namespace Tft.Forecasting.Engines;

/// <summary>Losses and gradients by <see cref="SlicedNetwork"/>: the same to the bit for any number of threads.</summary>
internal sealed class ManagedLearner(TftConfig config, int threads) : ILearner
{
    private readonly SlicedNetwork _network = new(config, threads);
    private TftWeights? _weights;

    public void Take(TftWeights weights)
    {
        _weights = weights;
        _network.Pack(weights);
    }

    public double Gradient(WindowBatch batch, float[] gradient, ulong seed)
    {
        batch.Check(config);
        return _network.Learn(batch, _weights ?? throw new InvalidOperationException("no weights were taken"), gradient, seed);
    }

    public void Forecast(WindowBatch batch, Memory<float> quantiles)
    {
        batch.Check(config);
        _network.Forecast(batch, quantiles);
    }

    public void Dispose() => _network.Dispose();
}
