using Tft.Forecasting.Network;
using static TorchSharp.torch;

namespace Tft.Forecasting.Engines.Torch;

/// <summary>Forecasts on a device. Calls from several threads take turns: the device has one queue.</summary>
internal sealed class TorchModel : IForecastModel
{
    private readonly Lock _gate = new();
    private readonly TorchWeights _weights;
    private readonly Device _device;
    private bool _disposed;

    public TorchModel(TftWeights weights, Device device)
    {
        (Config, _device) = (weights.Config, device);
        _weights = new TorchWeights(Config, device, learns: false);
        _weights.Take(weights);
    }

    public TftConfig Config { get; }

    public void Forecast(WindowBatch batch, Span<float> quantiles, Explanation? explanation = null)
    {
        batch.Check(Config);
        var size = batch.Count * Config.Decoder * Config.Metrics * Config.Quantiles.Length;
        if (quantiles.Length < size)
        {
            throw new ArgumentException($"quantiles has room for {quantiles.Length} numbers; {batch.Count} windows have {size}", nameof(quantiles));
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            using var scope = NewDisposeScope();
            using var off = no_grad();
            TorchNetwork.Forward(Config, _weights, TorchInputs.From(batch, Config, _device), dropout: 0).CopyTo(quantiles, explanation);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _weights.Dispose();
            }
        }
    }
}
