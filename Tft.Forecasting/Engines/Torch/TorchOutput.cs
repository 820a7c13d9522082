using Tft.Forecasting.Network;
using static TorchSharp.torch;

namespace Tft.Forecasting.Engines.Torch;

/// <summary>What the forward pass gives.</summary>
/// <param name="Quantiles">[B, D, M, Q].</param>
/// <param name="StaticWeights">[B, S], or null.</param>
/// <param name="HistoryWeights">[B, E, V].</param>
/// <param name="FutureWeights">[B, D, V].</param>
/// <param name="Attention">[B, heads, D, T].</param>
internal sealed record TorchOutput(Tensor Quantiles, Tensor? StaticWeights, Tensor HistoryWeights, Tensor FutureWeights, Tensor Attention)
{
    public void CopyTo(Span<float> quantiles, Explanation? explanation)
    {
        Copy(Quantiles, quantiles);
        if (explanation is null)
        {
            return;
        }

        if (StaticWeights is not null)
        {
            Copy(StaticWeights, explanation.StaticWeights);
        }

        Copy(HistoryWeights, explanation.HistoryWeights);
        Copy(FutureWeights, explanation.FutureWeights);
        Copy(Attention, explanation.Attention);
    }

    private static void Copy(Tensor from, Span<float> to) => from.cpu().contiguous().data<float>().ToArray().CopyTo(to);
}
