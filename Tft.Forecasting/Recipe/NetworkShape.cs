using Tft.Forecasting.Data;
using Tft.Forecasting.Network;

namespace Tft.Forecasting.Recipe;

/// <summary>The shape of the recipe's network: one metric a window, the same weights for every metric of every server.</summary>
public static class NetworkShape
{
    /// <summary>The config of a network with these sizes.</summary>
    public static TftConfig Of(int hidden, int heads, float dropout) => new()
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
    };
}
