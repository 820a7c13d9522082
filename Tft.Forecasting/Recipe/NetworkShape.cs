using Tft.Forecasting.Data;
using Tft.Forecasting.Network;

namespace Tft.Forecasting.Recipe;

/// <summary>The shape of the recipe's network: one metric a window, the same weights for every metric of every server.</summary>
public static class NetworkShape
{
    /// <summary>Why the recipe cannot run a network of this config; null where it can. A network may take fewer inputs than the recipe gives: the first of them.</summary>
    public static string? Problem(TftConfig c) =>
        (c.Encoder, c.Decoder, c.Metrics, c.Known, c.Quantiles.Length) == (NetworkInputs.Encoder, Protocol.Horizon, 1, 0, 3)
            && c.Past is > 0 and <= NetworkInputs.Past && c.Future is > 0 and <= NetworkInputs.Future && c.StaticSizes.Length + c.ObservedSizes.Length == 0
            ? null
            : $"the network takes {c.Metrics} metrics, {c.Past} + {c.Future} further inputs, {c.Encoder} + {c.Decoder} steps; the recipe gives 1, {NetworkInputs.Past} + {NetworkInputs.Future}, {NetworkInputs.Encoder} + {Protocol.Horizon}";

    /// <summary>The config of a network with these sizes.</summary>
    public static TftConfig Of(int hidden, int heads, float dropout, bool wideHead = false) => new()
    {
        Hidden = hidden,
        Heads = heads,
        Encoder = NetworkInputs.Encoder,
        Decoder = Protocol.Horizon,
        Metrics = 1,
        Quantiles = [0.1f, 0.5f, 0.9f],
        Known = 0,
        StaticSizes = [],
        ObservedSizes = [],
        Past = NetworkInputs.Past,
        Future = NetworkInputs.Future,
        Dropout = dropout,
        WideHead = wideHead,
    };
}
