namespace Tft.Forecasting.Kernels;

/// <summary>Where a gated product goes.</summary>
internal readonly unsafe struct GatedRows
{
    /// <summary>[rows, H]: value * sigmoid(gate) + residual.</summary>
    public required float* Output { get; init; }

    public required nint OutputRow { get; init; }

    /// <summary>[rows, H] added to the product, or null.</summary>
    public float* Residual { get; init; }

    public nint ResidualRow { get; init; }

    /// <summary>[rows, H] for the backward pass: the value; null to keep nothing.</summary>
    public float* Value { get; init; }

    /// <summary>[rows, H] for the backward pass: sigmoid(gate).</summary>
    public float* Gate { get; init; }

    public nint TapeRow { get; init; }
}
