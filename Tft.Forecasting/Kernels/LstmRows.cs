namespace Tft.Forecasting.Kernels;

/// <summary>The rows that one step of an LSTM reads and writes; a row is a window.</summary>
internal unsafe struct LstmRows
{
    /// <summary>[rows, InputWidth]: x.</summary>
    public float* Input;
    public nint InputRow;
    public nint InputWidth;

    /// <summary>[rows, HiddenWidth]: h before the step; the h after it goes to NextHidden, which must not overlap.</summary>
    public float* Hidden;
    public float* NextHidden;
    public nint HiddenRow;
    public nint HiddenWidth;

    /// <summary>[rows, H padded]: c before the step, and after it; must not be the same, for a tile may compute its last row twice.</summary>
    public float* Cell;
    public float* NextCell;
    public nint CellRow;

    /// <summary>[rows, 4 H padded] receives i, f, g, o by blocks of 16 units; null to keep nothing.</summary>
    public float* Gates;
    public nint GatesRow;

    /// <summary>The same rows without the first <paramref name="row"/>.</summary>
    public readonly LstmRows From(int row)
    {
        var s = this;
        s.Input += row * InputRow;
        s.Hidden += row * HiddenRow;
        s.NextHidden += row * HiddenRow;
        s.Cell += row * CellRow;
        s.NextCell += row * CellRow;
        s.Gates = Gates is null ? null : Gates + (row * GatesRow);
        return s;
    }
}
