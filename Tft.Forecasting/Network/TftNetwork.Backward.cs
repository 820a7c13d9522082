using Tft.Forecasting.Network.Buffers;
using Tft.Forecasting.Network.Layers;

namespace Tft.Forecasting.Network;

internal sealed unsafe partial class TftNetwork
{
    /// <summary>Adds the gradient of the loss of windows [first, first + count) to the pass's; returns the weighted sum of their loss.</summary>
    /// <param name="p">The pass, with a gradient.</param>
    /// <param name="batch">Inputs and targets, checked.</param>
    /// <param name="first">First window.</param>
    /// <param name="count">Windows, at most <see cref="Windows"/>.</param>
    /// <param name="scale">1 / (sum of the batch's weights * Q).</param>
    public double Learn(in Pass p, WindowBatch batch, int first, int count, float scale)
    {
        Encode(p, batch, first, count);
        var loss = 0.0;
        var targets = Config.Decoder * Config.Metrics;
        for (var b = 0; b < count; b++)
        {
            _decoder.Forward(p, b, Hidden(p, b), Selected(p, b));
            AddOffsets(p, batch, first + b);
            loss += QuantileLoss.Sum(
                _decoder.Quantiles(p), _decoder.QuantileGradient(p), _decoder.QuantileRow, batch.Targets.AsSpan((first + b) * targets, targets),
                batch.TargetWeights.AsSpan((first + b) * targets, targets), Config.Metrics, Config.Quantiles, scale);
            if (Config.WideHead)
            {
                BackThroughWideHead(p, batch, first + b);
            }

            _decoder.Backward(p, b, Hidden(p, b), At(p, _dhidden, b), At(p, _dselected, b));
        }

        Backward(p, batch, first, count);
        return loss;
    }

    /// <summary>Adds a gradient in the kernels' layout to one in the layout of the weights.</summary>
    public void Collect(float* gradient, TftWeights w, float[] g)
    {
        _statics.Collect(gradient, w, g);
        _history.Collect(gradient, w, g);
        _future.Collect(gradient, w, g);
        _historyLstm.Collect(gradient, w, g);
        _futureLstm.Collect(gradient, w, g);
        _decoder.Collect(gradient, w, g);
    }

    private void Backward(in Pass p, WindowBatch batch, int first, int count)
    {
        var sequences = Sequences(p);
        float* dh = _statics.HiddenGradient(p), dc = _statics.CellGradient(p), dhidden = p.Tape + _dhidden, dselected = p.Tape + _dselected;
        new Span<float>(dh, count * Width).Clear();
        new Span<float>(dc, count * Width).Clear();
        _futureLstm.Backward(p, sequences, count, Config.Encoder, Config.Steps, dhidden, dh, dc, dselected);
        _historyLstm.Backward(p, sequences, count, 0, Config.Encoder, dhidden, dh, dc, dselected);
        for (var b = 0; b < count; b++)
        {
            _history.Backward(p, _inputs.History(p, b, Observed(batch, first + b)), b, At(p, _dselected, b));
            _future.Backward(p, _inputs.Future(p, b), b, At(p, _dselected, b) + ((nint)Config.Encoder * Width));
        }

        _history.Context.Backward(p, _statics.Selection(p), count, _statics.SelectionGradient(p), accumulate: false);
        _future.Context.Backward(p, _statics.Selection(p), count, _statics.SelectionGradient(p), accumulate: true);
        _decoder.Context.Backward(p, _statics.Enrichment(p), count, _statics.EnrichmentGradient(p), accumulate: false);
        _statics.Backward(p, Pointer(batch.Static) + (first * Config.StaticSizes.Length), count);
    }

    private void BackThroughWideHead(in Pass p, WindowBatch batch, int window)
    {
        for (var d = 0; d < Config.Decoder; d++)
        {
            var at = (nint)d * _decoder.QuantileRow;
            WideHead.Back(_decoder.QuantileGradient(p) + at, _decoder.Quantiles(p) + at, Offsets(batch, window, d), Config.Metrics * Config.Quantiles.Length);
        }
    }
}
