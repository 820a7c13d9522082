using Tft.Forecasting.Network;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tft.Forecasting.Engines.Torch;

/// <summary>A network's weights as tensors on a device, by the names of <see cref="TftWeights"/>. The two LSTMs are PyTorch's, which keep their own.</summary>
internal sealed class TorchWeights : IDisposable
{
    private static readonly string[] s_lstms = ["history_lstm", "future_lstm"];

    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly Dictionary<string, LSTM> _lstms = [];
    private readonly Device _device;

    public TorchWeights(TftConfig config, Device device, bool learns)
    {
        _device = device;
        foreach (var name in s_lstms)
        {
            var lstm = nn.LSTM(config.Hidden, config.Hidden, batchFirst: true, device: device);
            _lstms.Add(name, lstm);
            foreach (var (part, tensor) in lstm.named_parameters())
            {
                tensor.requires_grad = learns;
                _tensors.Add($"{name}.{part}", tensor);
            }
        }

        foreach (var (name, shape) in TftShapes.Of(config).Where(t => !_tensors.ContainsKey(t.Name)))
        {
            _tensors.Add(name, zeros(Array.ConvertAll(shape, n => (long)n), dtype: ScalarType.Float32, device: device, requires_grad: learns).DetachFromDisposeScope());
        }
    }

    public Tensor this[string name] => _tensors[name];

    public bool Has(string name) => _tensors.ContainsKey(name);

    public LSTM Lstm(string name) => _lstms[name];

    /// <summary>Copies weights to the device.</summary>
    public void Take(TftWeights weights)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        foreach (var place in weights.Tensors.Where(p => p.Length > 0))
        {
            _tensors[place.Name].copy_(tensor(weights[place.Name].ToArray(), Array.ConvertAll(place.Shape, n => (long)n), device: _device));
        }
    }

    /// <summary>Copies the gradients of the last backward pass, and forgets them.</summary>
    /// <param name="layout">Where each tensor has its place.</param>
    /// <param name="gradient">In that layout; zero where nothing reached a tensor.</param>
    public void TakeGradient(TftWeights layout, float[] gradient)
    {
        using var scope = NewDisposeScope();
        Array.Clear(gradient);
        foreach (var place in layout.Tensors.Where(p => p.Length > 0))
        {
            if (_tensors[place.Name].grad is { } grad)
            {
                grad.cpu().contiguous().data<float>().ToArray().CopyTo(gradient, place.Offset);
                grad.zero_();
            }
        }
    }

    public void Dispose()
    {
        foreach (var lstm in _lstms.Values)
        {
            lstm.Dispose();
        }

        foreach (var tensor in _tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
