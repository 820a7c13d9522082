using Tft.Forecasting.Kernels;

namespace Tft.Forecasting.Network;

/// <summary>A weight tensor's place in <see cref="TftWeights.Data"/>.</summary>
/// <param name="Name">Its name, as in the reference implementation and the model file.</param>
/// <param name="Offset">First float.</param>
/// <param name="Shape">Row-major shape.</param>
public sealed record TensorPlace(string Name, int Offset, int[] Shape)
{
    /// <summary>Floats of the tensor.</summary>
    public int Length => Shape.Aggregate(1, (a, b) => a * b);
}

/// <summary>All weights of a network: named tensors over one flat array.</summary>
public sealed class TftWeights
{
    private readonly Dictionary<string, TensorPlace> _byName = [];
    private readonly List<TensorPlace> _places = [];

    /// <summary>Zero weights for a shape.</summary>
    /// <exception cref="ArgumentException">The config is not the shape of a network.</exception>
    public TftWeights(TftConfig config)
    {
        config.Validate();
        Config = config;
        foreach (var (name, shape) in TftShapes.Of(config))
        {
            var place = new TensorPlace(name, _places.Count == 0 ? 0 : _places[^1].Offset + _places[^1].Length, shape);
            _places.Add(place);
            _byName.Add(name, place);
        }

        Data = GC.AllocateArray<float>(_places[^1].Offset + _places[^1].Length, pinned: true);
    }

    /// <summary>The network's shape.</summary>
    public TftConfig Config { get; }

    /// <summary>Every tensor's floats, one after the other.</summary>
    public float[] Data { get; }

    /// <summary>The tensors in the order of <see cref="Data"/>.</summary>
    public IReadOnlyList<TensorPlace> Tensors => _places;

    /// <summary>The floats of a tensor.</summary>
    /// <exception cref="KeyNotFoundException">The network has no such tensor.</exception>
    public Span<float> this[string name] => In(Data, name);

    /// <summary>Whether the network has a tensor of this name.</summary>
    public bool Has(string name) => _byName.ContainsKey(name);

    /// <summary>The part of another array of the same layout (gradients, moments) that belongs to a tensor.</summary>
    public Span<float> In(float[] data, string name)
    {
        var place = _byName.TryGetValue(name, out var found) ? found : throw new KeyNotFoundException($"the network has no tensor '{name}'");
        return data.AsSpan(place.Offset, place.Length);
    }

    /// <summary>
    /// Random weights as PyTorch draws them: linear layers and LSTMs uniform in +-1/sqrt(inputs), category embeddings normal, scalar embeddings normal times 0.3,
    /// norms neutral. The same seed gives the same weights on every machine.
    /// </summary>
    /// <param name="seed">Seed.</param>
    /// <param name="zeroHead">Zeroes the head, so that an untrained network forecasts zero: right where it learns a residual.</param>
    public void Initialize(int seed, bool zeroHead = false)
    {
        for (var t = 0; t < _places.Count; t++)
        {
            var place = _places[t];
            var key = Counter.At((ulong)seed, (ulong)t);
            var span = Data.AsSpan(place.Offset, place.Length);
            Fill(span, place, key);
            if (zeroHead && place.Name.StartsWith("head.", StringComparison.Ordinal))
            {
                span.Clear();
            }
        }
    }

    /// <summary>A copy that shares nothing.</summary>
    public TftWeights Clone()
    {
        var copy = new TftWeights(Config);
        Data.CopyTo(copy.Data, 0);
        return copy;
    }

    private void Fill(Span<float> span, TensorPlace place, ulong key)
    {
        var name = place.Name;
        if (name.Contains("norm.", StringComparison.Ordinal))
        {
            span.Fill(name.EndsWith(".weight", StringComparison.Ordinal) ? 1f : 0f);
        }
        else if (name.Contains("embedding.", StringComparison.Ordinal) || name.EndsWith("_weight", StringComparison.Ordinal))
        {
            var scale = name.EndsWith("_weight", StringComparison.Ordinal) ? 0.3 : 1.0;
            for (var i = 0; i < span.Length; i++)
            {
                double u = 1.0 - Counter.Uniform(Counter.At(key, (ulong)(2 * i))), v = Counter.Uniform(Counter.At(key, (ulong)((2 * i) + 1)));
                span[i] = (float)(scale * Math.Sqrt(-2.0 * Math.Log(u)) * Math.Cos(2.0 * Math.PI * v));
            }
        }
        else if (name.EndsWith("_bias", StringComparison.Ordinal))
        {
            span.Clear();
        }
        else
        {
            var inputs = name.Contains("lstm.", StringComparison.Ordinal) ? Config.Hidden
                : place.Shape.Length == 2 ? place.Shape[1]
                : _byName[name[..^".bias".Length] + ".weight"].Shape[1];
            var bound = 1f / MathF.Sqrt(inputs);
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = ((2f * Counter.Uniform(Counter.At(key, (ulong)i))) - 1f) * bound;
            }
        }
    }
}
