using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Forecasting.Network.Layers;

/// <summary>LayerNorm(residual + GLU(x)): the end of every gated residual network (paper eq. 2) and of every sublayer of the decoder (eq. 17, 20, 22).</summary>
internal sealed unsafe class GateAddNorm
{
    private readonly Linear _linear;
    private readonly nint _gamma, _beta, _dgamma, _dbeta;
    private readonly nint _value, _gate, _normal, _scale;
    private readonly int _n;

    /// <param name="plan">Where the places are taken.</param>
    /// <param name="inWidth">Columns of x.</param>
    /// <param name="outWidth">Columns of the output.</param>
    /// <param name="rows">The most rows that are on the tape at once.</param>
    public GateAddNorm(Plan plan, int inWidth, int outWidth, int rows)
    {
        _n = outWidth;
        Width = Panels.Pad(outWidth);
        _linear = new Linear(plan, Columns.Groups(2, outWidth), Columns.Groups(1, inWidth));
        (_gamma, _beta) = (plan.Weights.Take(Width), plan.Weights.Take(Width));
        (_dgamma, _dbeta) = (plan.Gradient.Take(Width), plan.Gradient.Take(Width));
        var size = plan.Learns ? (nint)rows * Width : 0;
        (_value, _gate, _normal) = (plan.Tape.Take(size), plan.Tape.Take(size), plan.Tape.Take(size));
        _scale = plan.Tape.Take(rows);
    }

    /// <summary>Columns of the output, padded.</summary>
    public int Width { get; }

    public void Pack(float* prepared, ReadOnlySpan<float> w, ReadOnlySpan<float> b, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta)
    {
        _linear.Pack(prepared, w, b);
        gamma.CopyTo(new Span<float>(prepared + _gamma, _n));
        beta.CopyTo(new Span<float>(prepared + _beta, _n));
    }

    /// <summary>y = LayerNorm(residual + GLU(x)).</summary>
    /// <param name="p">The pass.</param>
    /// <param name="x">[rows, inWidth padded], <paramref name="xRow"/> floats apart.</param>
    /// <param name="xRow">Floats from row to row of x.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="residual">[rows, Width], contiguous.</param>
    /// <param name="y">[rows, Width], contiguous, not the residual.</param>
    /// <param name="at">First row on the tape.</param>
    public void Forward(in Pass p, float* x, nint xRow, int rows, float* residual, float* y, int at = 0)
    {
        var from = (nint)at * Width;
        GatedGemm.Multiply(x, xRow, rows, _linear.K, _linear.Packed(p), Width / Panels.Lanes, _linear.Bias(p), new GatedRows
        {
            Output = y,
            OutputRow = Width,
            Residual = residual,
            ResidualRow = Width,
            Value = p.Gradient is null ? null : p.Tape + _value + from,
            Gate = p.Tape + _gate + from,
            TapeRow = Width,
        });
        var normal = p.Gradient is null ? null : p.Tape + _normal + from;
        LayerNorm.Forward(y, y, Width, rows, _n, p.Weights + _gamma, p.Weights + _beta, normal, p.Tape + _scale + at);
    }

    /// <summary>From dy to the gradients of x and of the residual.</summary>
    /// <param name="p">The pass.</param>
    /// <param name="dy">[rows, Width].</param>
    /// <param name="x">As in the forward pass.</param>
    /// <param name="xRow">Floats from row to row of x and dx.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="dx">[rows, inWidth padded], written.</param>
    /// <param name="dresidual">[rows, Width], written; may be dy.</param>
    /// <param name="both">Scratch, [rows, 2 Width].</param>
    /// <param name="at">First row on the tape.</param>
    public void Backward(in Pass p, float* dy, float* x, nint xRow, int rows, float* dx, float* dresidual, float* both, int at = 0)
    {
        var from = (nint)at * Width;
        LayerNorm.Backward(dy, dresidual, Width, rows, _n, p.Weights + _gamma, p.Tape + _normal + from, p.Tape + _scale + at, p.Gradient + _dgamma, p.Gradient + _dbeta);
        Glu.Backward(dresidual, p.Tape + _value + from, p.Tape + _gate + from, Width, rows, Width / Panels.Lanes, both, _linear.BiasGradient(p));
        _linear.BackwardWeights(p, both, 2 * Width, x, xRow, rows);
        _linear.BackwardInput(p, both, 2 * Width, rows, dx, xRow, accumulate: false);
    }

    public void Collect(float* gradient, Span<float> dw, Span<float> db, Span<float> dgamma, Span<float> dbeta)
    {
        _linear.Collect(gradient, dw, db);
        for (var i = 0; i < _n; i++)
        {
            dgamma[i] += gradient[_dgamma + i];
            dbeta[i] += gradient[_dbeta + i];
        }
    }
}
