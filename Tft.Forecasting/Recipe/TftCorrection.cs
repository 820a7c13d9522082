using Tft.Forecasting.Data;
using Tft.Forecasting.Network;

namespace Tft.Forecasting.Recipe;

/// <summary>A Temporal Fusion Transformer with one metric a window as <see cref="IResidualNetwork"/>.</summary>
internal sealed class TftCorrection : IResidualNetwork, IDisposable
{
    private readonly SlicedNetwork _network;
    private readonly WindowBatch _batch;
    private readonly float[] _quantiles;

    /// <exception cref="ArgumentException">The network has other inputs than the recipe gives.</exception>
    public TftCorrection(TftWeights weights, int batch, int threads)
    {
        var c = weights.Config;
        if ((c.Encoder, c.Decoder, c.Metrics, c.Known, c.Past, c.Future, c.Quantiles.Length) != (NetworkInputs.Encoder, Protocol.Horizon, 1, 0, NetworkInputs.Past, NetworkInputs.Future, 3)
            || c.StaticSizes.Length + c.ObservedSizes.Length > 0)
        {
            throw new ArgumentException($"The network takes {c.Metrics} metrics, {c.Past} + {c.Future} further inputs, {c.Encoder} + {c.Decoder} steps; the recipe gives 1, {NetworkInputs.Past} + {NetworkInputs.Future}, {NetworkInputs.Encoder} + {Protocol.Horizon}.");
        }

        _network = new SlicedNetwork(c, threads);
        _network.Pack(weights);
        _batch = new WindowBatch(c, batch);
        _quantiles = new float[batch * Protocol.Horizon * 3];
    }

    /// <inheritdoc />
    public void Correct(int windows, ReadOnlySpan<float> anomaly, ReadOnlySpan<float> past, ReadOnlySpan<float> future, Span<float> corrections)
    {
        if (windows == 0)
            return;
        anomaly.CopyTo(_batch.Metrics);
        past.CopyTo(_batch.Past);
        future.CopyTo(_batch.Future);
        _batch.Count = windows;
        _network.Forecast(_batch, _quantiles);
        _quantiles.AsSpan(0, corrections.Length).CopyTo(corrections);
    }

    /// <inheritdoc />
    public void Dispose() => _network.Dispose();
}
