namespace Tft.Forecasting.Network.Layers;

/// <summary>The inputs of one window for a variable selection network.</summary>
internal readonly unsafe struct SelectionInput
{
    /// <summary>[steps, ScalarRow]: one column per scalar, zeros behind.</summary>
    public required float* Scalars { get; init; }

    public required nint ScalarRow { get; init; }

    /// <summary>[steps, CategoryRow]: one column per categorical.</summary>
    public int* Categories { get; init; }

    public nint CategoryRow { get; init; }
}
