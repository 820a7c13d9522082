using Tft.Forecasting.Network;
using static TorchSharp.torch;

namespace Tft.Forecasting.Engines.Torch;

/// <summary>The forward pass, in the order of the paper's figure 2.</summary>
internal static class TorchNetwork
{
    /// <param name="c">Shape.</param>
    /// <param name="w">Weights.</param>
    /// <param name="x">Inputs on the weights' device.</param>
    /// <param name="dropout">Share dropped; 0 outside training.</param>
    public static TorchOutput Forward(TftConfig c, TorchWeights w, TorchInputs x, double dropout)
    {
        var layers = new TorchLayers(w, c.Hidden, dropout);

        // Embeddings: [B, E, V, H] and [B, D, V, H] in the order observed, known, metrics, past and known, future
        List<Tensor> history = [], ahead = [];
        for (var i = 0; i < c.ObservedSizes.Length; i++)
        {
            history.Add(Rows(w[$"observed_embedding.{i}.weight"], x.Observed!.select(-1, i)).unsqueeze(-2));
        }

        if (c.Known > 0)
        {
            var known = Scalars(w, "known", x.Known!);
            history.Add(known.narrow(1, 0, c.Encoder));
            ahead.Add(known.narrow(1, c.Encoder, c.Decoder));
        }

        history.Add(Scalars(w, "metric", x.Metrics));
        if (c.Past > 0)
        {
            history.Add(Scalars(w, "past", x.Past!));
        }

        if (c.Future > 0)
        {
            ahead.Add(Scalars(w, "future", x.Future!));
        }

        // Static covariates, and the four contexts that come of them
        var (statics, staticWeights) = Statics(c, w, layers, x);
        var selection = layers.Grn("static_context.selection", statics).unsqueeze(1);
        var enrichment = layers.Grn("static_context.enrichment", statics).unsqueeze(1);
        var state = (layers.Grn("static_context.hidden", statics).unsqueeze(0), layers.Grn("static_context.cell", statics).unsqueeze(0));

        // Variable selection
        var (selectedHistory, historyWeights) = layers.Select("history_selection", cat(history, -2), selection);
        var (selectedFuture, futureWeights) = layers.Select("future_selection", cat(ahead, -2), selection);

        // Locality: two LSTMs, the second goes on where the first ends
        var (past, hidden, cell) = w.Lstm("history_lstm").forward(selectedHistory, state);
        var (future, _, _) = w.Lstm("future_lstm").forward(selectedFuture, (hidden, cell));
        var temporal = layers.Norm("lstm_norm", layers.Glu("lstm_glu", cat([past, future], 1)) + cat([selectedHistory, selectedFuture], 1));

        // Static enrichment, attention, and the position-wise part for the steps ahead
        var enriched = layers.Grn("enrichment", temporal, enrichment);
        var (attended, attention) = layers.Attend(enriched, c.Heads, c.Encoder);
        var y = layers.Norm("attention_norm", layers.Glu("attention_glu", attended) + enriched.narrow(1, c.Encoder, c.Decoder));
        y = layers.Grn("feed_forward", y);
        y = layers.Norm("output_norm", layers.Glu("output_glu", y) + temporal.narrow(1, c.Encoder, c.Decoder));
        var quantiles = layers.Linear("head", y).view(y.shape[0], c.Decoder, c.Metrics, c.Quantiles.Length);
        if (c.WideHead)
            quantiles = quantiles.clamp(-6, 6).sinh();
        return new TorchOutput(quantiles, staticWeights, historyWeights, futureWeights, attention);
    }

    /// <summary>[..., V] to [..., V, H]: each scalar times its vector, plus its bias.</summary>
    private static Tensor Scalars(TorchWeights w, string name, Tensor x) => (x.unsqueeze(-1) * w[name + "_weight"]) + w[name + "_bias"];

    /// <summary>table [N, H] and index [...] to [..., H].</summary>
    private static Tensor Rows(Tensor table, Tensor index) => table.index_select(0, index.flatten()).view([.. index.shape, table.shape[1]]);

    /// <summary>[B, H]: zero where there is no static categorical.</summary>
    private static (Tensor Vector, Tensor? Weights) Statics(TftConfig c, TorchWeights w, TorchLayers layers, TorchInputs x)
    {
        if (c.StaticSizes.Length == 0)
        {
            return (zeros(x.Metrics.shape[0], c.Hidden, device: x.Metrics.device), null);
        }

        var embedded = Enumerable.Range(0, c.StaticSizes.Length).Select(i => Rows(w[$"static_embedding.{i}.weight"], x.Static!.select(-1, i))).ToArray();
        return layers.Select("static_selection", stack(embedded, -2));
    }
}
