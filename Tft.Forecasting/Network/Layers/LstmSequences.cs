namespace Tft.Forecasting.Network.Layers;

/// <summary>What the LSTMs of a slice read and leave.</summary>
internal readonly unsafe struct LstmSequences
{
    /// <summary>T.</summary>
    public required int Steps { get; init; }

    /// <summary>[windows, T, H padded].</summary>
    public required float* Input { get; init; }

    /// <summary>[windows, T + 1, H padded]: at step t the state before it, so the state after it at t + 1.</summary>
    public required float* Hidden { get; init; }

    /// <summary>[windows, T + 1, H padded]: likewise.</summary>
    public required float* Cell { get; init; }

    /// <summary>[windows, T, 4 H padded], or null where there is no backward pass.</summary>
    public float* Gates { get; init; }
}
