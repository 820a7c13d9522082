using Tft.Forecasting.Network;

namespace Tft.Forecasting.Recipe.Corrections;

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
        if (NetworkShape.Problem(c) is { } problem)
            throw new ArgumentException(problem);

        _network = new SlicedNetwork(c, threads);
        _network.Pack(weights);
        _batch = new WindowBatch(c, batch);
        _quantiles = new float[batch * c.Decoder * 3];
    }

    /// <inheritdoc />
    public int Past => _batch.Config.Past;

    /// <inheritdoc />
    public int Future => _batch.Config.Future;

    /// <inheritdoc />
    public int Leads => _batch.Config.Decoder;

    /// <inheritdoc />
    public void Correct(int windows, ReadOnlySpan<float> anomaly, ReadOnlySpan<float> past, ReadOnlySpan<float> future, Span<float> corrections)
    {
        if (windows == 0)
            return;
        IResidualNetwork.Gather(windows, anomaly, past, future, _batch);
        _network.Forecast(_batch, _quantiles);
        _quantiles.AsSpan(0, corrections.Length).CopyTo(corrections);
    }

    /// <inheritdoc />
    public void Dispose() => _network.Dispose();
}
