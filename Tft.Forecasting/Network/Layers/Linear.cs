using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Forecasting.Network.Layers;

/// <summary>y = x W^T + b, with the columns of x and y in padded groups.</summary>
internal sealed unsafe class Linear
{
    private readonly int[] _outColumns, _inColumns;
    private readonly nint _packed, _transposed, _bias, _dw, _db;
    private readonly int _k;

    /// <param name="plan">Where the places are taken.</param>
    /// <param name="outColumns">Column in y of each row of W.</param>
    /// <param name="inColumns">Column in x of each column of W.</param>
    /// <param name="inputGradient">Whether dx is ever asked for.</param>
    public Linear(Plan plan, int[] outColumns, int[] inColumns, bool inputGradient = true)
    {
        (_outColumns, _inColumns) = (outColumns, inColumns);
        _k = inColumns.Max() + 1;
        OutWidth = Panels.Pad(outColumns.Max() + 1);
        InWidth = Panels.Pad(_k);
        _packed = plan.Weights.Take((nint)OutWidth * _k);
        _transposed = inputGradient && plan.Learns ? plan.Weights.Take((nint)OutWidth * InWidth) : -1;
        _bias = plan.Weights.Take(OutWidth);
        (_dw, _db) = plan.Learns ? (plan.Gradient.Take((nint)OutWidth * InWidth), plan.Gradient.Take(OutWidth)) : default;
    }

    /// <summary>Columns of y, padded.</summary>
    public int OutWidth { get; }

    /// <summary>Columns of x, padded.</summary>
    public int InWidth { get; }

    public int OutBlocks => OutWidth / Panels.Lanes;

    private int InBlocks => InWidth / Panels.Lanes;

    /// <summary>The packed weights, [K, OutWidth].</summary>
    public Panels Packed(in Pass p) => Panels.Packed(p.Weights + _packed, _k);

    public int K => _k;

    /// <summary>[OutWidth].</summary>
    public float* Bias(in Pass p) => p.Weights + _bias;

    /// <summary>[OutWidth], to add to.</summary>
    public float* BiasGradient(in Pass p) => p.Gradient + _db;

    /// <summary>Packs a row-major W [out, in], times <paramref name="factor"/>, and b [out] or null.</summary>
    public void Pack(float* prepared, ReadOnlySpan<float> w, ReadOnlySpan<float> b, float factor = 1f)
    {
        int n = _outColumns.Length, m = _inColumns.Length;
        float* packed = prepared + _packed, bias = prepared + _bias;
        for (var o = 0; o < n; o++)
        {
            var column = _outColumns[o];
            var to = packed + ((nint)(column / 16) * 16 * _k) + (column % 16);
            var row = w.Slice(o * m, m);
            for (var i = 0; i < m; i++)
            {
                to[_inColumns[i] * 16] = row[i] * factor;
            }

            if (_transposed >= 0)
            {
                var back = prepared + _transposed;
                for (var i = 0; i < m; i++)
                {
                    var c = _inColumns[i];
                    back[((nint)(c / 16) * 16 * OutWidth) + ((nint)column * 16) + (c % 16)] = row[i] * factor;
                }
            }

            bias[column] = b.IsEmpty ? 0f : b[o];
        }
    }

    /// <summary>y = x W^T + b for rows of x that are <paramref name="xRow"/> floats apart.</summary>
    public void Forward(in Pass p, float* x, nint xRow, int rows, float* y, nint yRow) =>
        Gemm.Multiply(x, xRow, rows, _k, Packed(p), OutBlocks, Bias(p), y, yRow);

    /// <summary>dx = (or +=) dy W.</summary>
    public void BackwardInput(in Pass p, float* dy, nint dyRow, int rows, float* dx, nint dxRow, bool accumulate) =>
        Gemm.Multiply(dy, dyRow, rows, OutWidth, Panels.Packed(p.Weights + _transposed, OutWidth), InBlocks, null, dx, dxRow, accumulate);

    /// <summary>dW += dy^T x. The bias is the caller's: mostly its sums fall off in another pass over dy.</summary>
    public void BackwardWeights(in Pass p, float* dy, nint dyRow, float* x, nint xRow, int rows) =>
        GemmGradient.Accumulate(dy, dyRow, OutBlocks, x, xRow, InBlocks, rows, p.Gradient + _dw, InWidth);

    /// <summary>Adds the gradients, times <paramref name="factor"/>, to row-major dW [out, in] and db [out].</summary>
    public void Collect(float* gradient, Span<float> dw, Span<float> db, float factor = 1f)
    {
        var m = _inColumns.Length;
        for (var o = 0; o < _outColumns.Length; o++)
        {
            var from = gradient + _dw + ((nint)_outColumns[o] * InWidth);
            var row = dw.Slice(o * m, m);
            for (var i = 0; i < m; i++)
            {
                row[i] += from[_inColumns[i]] * factor;
            }

            if (!db.IsEmpty)
            {
                db[o] += gradient[_db + _outColumns[o]];
            }
        }
    }
}
