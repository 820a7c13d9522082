using Tft.Forecasting.Data;
using Tft.Forecasting.Network;

namespace Tft.Forecasting.Recipe.Corrections;

/// <summary>The shape of the recipe's network: one metric a window, the same weights for every metric of every server.</summary>
public static class NetworkShape
{
    /// <summary>Inputs of the future that there are.</summary>
    public const int MostFutureInputs = NetworkInputs.Future;

    /// <summary>The work of a step of a network for the next leads, relative to one of the others: nearly all of it is done step by step.</summary>
    public const double NearWork = (NetworkInputs.NearEncoder + NetworkInputs.NearDecoder) / (double)(NetworkInputs.Encoder + Protocol.Horizon);

    /// <summary>Why the recipe cannot run a network of this config; null where it can. A network may take fewer inputs than the recipe gives: the first of them.</summary>
    public static string? Problem(TftConfig c) =>
        (c.Encoder, c.Decoder) is (NetworkInputs.Encoder, Protocol.Horizon) or (NetworkInputs.NearEncoder, NetworkInputs.NearDecoder) && (c.Metrics, c.Known, c.Quantiles.Length) == (1, 0, 3)
            && c.Past is > 0 and <= NetworkInputs.Past && c.Future is > 0 and <= NetworkInputs.Future && c.StaticSizes.Length + c.ObservedSizes.Length == 0
            ? null
            : $"the network takes {c.Metrics} metrics, {c.Past} + {c.Future} further inputs, {c.Encoder} + {c.Decoder} steps; the recipe gives 1, {NetworkInputs.Past} + {NetworkInputs.Future}, {NetworkInputs.Encoder} + {Protocol.Horizon} (or {NetworkInputs.NearEncoder} + {NetworkInputs.NearDecoder} for the next leads)";

    /// <summary>Whether a network corrects the next leads only.</summary>
    public static bool IsNear(TftConfig config) => config.Decoder < Protocol.Horizon;

    /// <summary>The same for the next leads only: a fraction of the work, so that in the same time it learns from more windows.</summary>
    public static TftConfig Near(TftConfig config) => config with { Encoder = NetworkInputs.NearEncoder, Decoder = NetworkInputs.NearDecoder };

    /// <summary>The config of a network with these sizes.</summary>
    public static TftConfig Of(int hidden, int heads, float dropout, bool wideHead = false, int futureInputs = MostFutureInputs) => new()
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
        Future = futureInputs,
        Dropout = dropout,
        WideHead = wideHead,
    };
}
