using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Tft.Forecasting.Engines.Torch;

/// <summary>The layers of the paper over named weights. Dropout is 0 outside training.</summary>
internal sealed class TorchLayers(TorchWeights weights, int hidden, double dropout)
{
    private const double Epsilon = 1e-3;

    /// <summary>x [..., in] to [..., out]; the bias is left out where there is none.</summary>
    public Tensor Linear(string name, Tensor x) => F.linear(x, weights[name + ".weight"], weights.Has(name + ".bias") ? weights[name + ".bias"] : null);

    public Tensor Norm(string name, Tensor x) => F.layer_norm(x, [x.shape[^1]], weights[name + ".weight"], weights[name + ".bias"], Epsilon);

    public Tensor Dropout(Tensor x) => dropout > 0 ? F.dropout(x, dropout) : x;

    /// <summary>Gated linear unit, paper eq. 5: the first half of the map carries the value, the second the gate.</summary>
    public Tensor Glu(string name, Tensor x)
    {
        var halves = Linear(name + ".linear", x).chunk(2, -1);
        return halves[0] * halves[1].sigmoid();
    }

    /// <summary>Gated residual network, paper eq. 2-4.</summary>
    public Tensor Grn(string name, Tensor x, Tensor? context = null)
    {
        var inner = Linear(name + ".fc1", x);
        if (context is not null)
        {
            inner += Linear(name + ".context", context);
        }

        var gated = Glu(name + ".glu", Dropout(Linear(name + ".fc2", F.elu(inner, 1.0))));
        return Norm(name + ".norm", gated + (weights.Has(name + ".skip.weight") ? Linear(name + ".skip", x) : x));
    }

    /// <summary>Variable selection, paper section 4.2.</summary>
    /// <param name="name">Which of the three.</param>
    /// <param name="variables">[..., V, H].</param>
    /// <param name="context">[..., H], or null.</param>
    /// <returns>[..., H] and the weights [..., V].</returns>
    public (Tensor Selected, Tensor Weights) Select(string name, Tensor variables, Tensor? context = null)
    {
        var shares = Grn(name + ".joint", variables.flatten(-2), context).softmax(-1);
        var each = Enumerable.Range(0, (int)variables.shape[^2]).Select(i => Grn($"{name}.each.{i}", variables.select(-2, i))).ToArray();
        return ((stack(each, -2) * shares.unsqueeze(-1)).sum(-2), shares);
    }

    /// <summary>Multi-head attention with one value head, paper section 4.4; each step ahead sees the steps up to itself.</summary>
    /// <param name="x">[B, T, H].</param>
    /// <param name="heads">Heads.</param>
    /// <param name="encoder">E: queries are the steps from E on.</param>
    /// <returns>[B, D, H] and the weights [B, heads, D, T].</returns>
    public (Tensor Attended, Tensor Weights) Attend(Tensor x, int heads, int encoder)
    {
        var (batch, steps, width) = (x.shape[0], x.shape[1], hidden / heads);
        var decoder = steps - encoder;
        var query = Heads(Linear("attention.query", x.narrow(1, encoder, decoder)), decoder);
        var key = Heads(Linear("attention.key", x), steps);
        var value = Linear("attention.value", x);

        // bmm and not matmul: a native error in matmul ends the process
        var score = query.bmm(key.transpose(1, 2)) * (1.0 / Math.Sqrt(width));
        var step = arange(steps, device: x.device);
        var ahead = step.unsqueeze(0) > step.narrow(0, encoder, decoder).unsqueeze(1);
        var shares = score.masked_fill(ahead, double.NegativeInfinity).softmax(-1).view(batch, heads, decoder, steps);
        return (Dropout(Linear("attention.out", shares.mean([1]).bmm(value))), shares);

        Tensor Heads(Tensor projected, long length) =>
            projected.view(batch, length, heads, width).transpose(1, 2).reshape(batch * heads, length, width);
    }
}
