using Tft.Forecasting.Network.Buffers;

namespace Tft.Forecasting.Network.Layers;

/// <summary>The context's way into a gated residual network, paper eq. 4: one row W3 c + b1 per window, that takes the place of the bias of its first layer.</summary>
internal sealed unsafe class ContextMap
{
    private readonly Linear _map;
    private readonly nint _rows, _drows;

    public ContextMap(Plan plan, int hidden, int windows)
    {
        var own = Columns.Groups(1, hidden);
        _map = new Linear(plan, own, own);
        (_rows, _drows) = (plan.Tape.Take((nint)windows * Width), plan.Tape.Take((nint)windows * Width));
    }

    private int Width => _map.OutWidth;

    public void Pack(float* prepared, ReadOnlySpan<float> context, ReadOnlySpan<float> bias) => _map.Pack(prepared, context, bias);

    /// <summary>The row of a window, [H padded].</summary>
    public float* Row(in Pass p, int window) => p.Tape + _rows + ((nint)window * Width);

    /// <summary>The gradient of that row; cleared by the forward pass.</summary>
    public float* RowGradient(in Pass p, int window) => p.Tape + _drows + ((nint)window * Width);

    /// <param name="p">The pass.</param>
    /// <param name="context">[windows, H padded].</param>
    /// <param name="windows">Windows.</param>
    public void Forward(in Pass p, float* context, int windows)
    {
        _map.Forward(p, context, Width, windows, p.Tape + _rows, Width);
        new Span<float>(p.Tape + _drows, windows * Width).Clear();
    }

    /// <summary>dcontext = (or +=) gradient of the rows, through the map.</summary>
    public void Backward(in Pass p, float* context, int windows, float* dcontext, bool accumulate)
    {
        var drows = p.Tape + _drows;
        Kernels.ColumnSum.Accumulate(drows, Width, windows, _map.OutBlocks, _map.BiasGradient(p));
        _map.BackwardWeights(p, drows, Width, context, Width, windows);
        _map.BackwardInput(p, drows, Width, windows, dcontext, Width, accumulate);
    }

    public void Collect(float* gradient, Span<float> dcontext, Span<float> dbias) => _map.Collect(gradient, dcontext, dbias);
}
