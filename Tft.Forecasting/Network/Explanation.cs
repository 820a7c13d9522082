namespace Tft.Forecasting.Network;

/// <summary>What a forecast was made from: selection weights and attention, for each window of a batch. The caller owns and reuses it.</summary>
/// <param name="config">The network's shape.</param>
/// <param name="capacity">Windows.</param>
public sealed class Explanation(TftConfig config, int capacity)
{
    /// <summary>[B, S]: how much each static categorical counted; sums to 1.</summary>
    public float[] StaticWeights { get; } = new float[capacity * config.StaticSizes.Length];

    /// <summary>[B, E, V]: how much each history variable counted at each step; sums to 1 over V (observed, known, metrics, past).</summary>
    public float[] HistoryWeights { get; } = new float[capacity * config.Encoder * config.HistoryVariables];

    /// <summary>[B, D, V]: likewise for the steps ahead (known, future).</summary>
    public float[] FutureWeights { get; } = new float[capacity * config.Decoder * config.FutureVariables];

    /// <summary>[B, heads, D, T]: where each step ahead looks; sums to 1 over the steps up to it.</summary>
    public float[] Attention { get; } = new float[capacity * config.Heads * config.Decoder * config.Steps];
}
