using Tft.Forecasting.Network;
using static TorchSharp.torch;

namespace Tft.Forecasting.Engines.Torch;

/// <summary>Losses and gradients by PyTorch's automatic differentiation.</summary>
internal sealed class TorchLearner(TftConfig config, Device device) : ILearner
{
    private readonly TorchWeights _tensors = new(config, device, learns: true);
    private TftWeights? _weights;

    public void Take(TftWeights weights)
    {
        _weights = weights;
        _tensors.Take(weights);
    }

    public double Gradient(WindowBatch batch, float[] gradient, ulong seed)
    {
        batch.Check(config);
        var layout = _weights ?? throw new InvalidOperationException("no weights were taken");
        var size = batch.Count * config.Decoder * config.Metrics;
        var seen = QuantileLoss.SeenWeight(batch.Targets.AsSpan(0, size), batch.TargetWeights.AsSpan(0, size));
        if (seen <= 0.0)
        {
            Array.Clear(gradient);
            return 0.0;
        }

        using var scope = NewDisposeScope();
        manual_seed(unchecked((long)seed));
        var output = TorchNetwork.Forward(config, _tensors, TorchInputs.From(batch, config, device), config.Dropout);
        var loss = Loss(batch, output.Quantiles, seen * config.Quantiles.Length);
        loss.backward();
        _tensors.TakeGradient(layout, gradient);
        return loss.item<float>();
    }

    public void Forecast(WindowBatch batch, Memory<float> quantiles)
    {
        batch.Check(config);
        using var scope = NewDisposeScope();
        using var off = no_grad();
        TorchNetwork.Forward(config, _tensors, TorchInputs.From(batch, config, device), dropout: 0).CopyTo(quantiles.Span, null);
    }

    public void Dispose() => _tensors.Dispose();

    /// <summary>Weighted mean pinball loss over the seen targets, paper eq. 24-26.</summary>
    /// <param name="batch">Targets, their weights, offsets.</param>
    /// <param name="forecast">[B, D, M, Q].</param>
    /// <param name="norm">Sum of the seen weights times Q.</param>
    private Tensor Loss(WindowBatch batch, Tensor forecast, double norm)
    {
        long[] cells = [batch.Count, config.Decoder, config.Metrics];
        var size = (int)(cells[0] * cells[1] * cells[2]);
        if (batch.Offsets.Length > 0 && size * config.Quantiles.Length <= batch.Offsets.Length)
        {
            forecast += tensor(batch.Offsets[..(size * config.Quantiles.Length)], forecast.shape, device: device);
        }

        var targets = tensor(batch.Targets[..size], cells, device: device);
        var weights = tensor(batch.TargetWeights[..size], cells, device: device) * targets.isnan().logical_not();
        var error = targets.nan_to_num(0.0).unsqueeze(-1) - forecast;
        var levels = tensor(config.Quantiles, device: device);
        return (maximum(levels * error, (levels - 1f) * error) * weights.unsqueeze(-1)).sum() * (1.0 / norm);
    }
}
