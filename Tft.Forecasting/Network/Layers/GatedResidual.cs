using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Forecasting.Network.Layers;

/// <summary>
/// Gated residual network, paper eq. 2-5: LayerNorm(skip(x) + GLU(W2 ELU(W1 x + context) + b2)). With a context its map comes in as one row per window, b1 included.
/// </summary>
internal sealed unsafe class GatedResidual
{
    private readonly Linear _fc1, _fc2;
    private readonly Linear? _skip;
    private readonly GateAddNorm _gate;
    private readonly Scratch _scratch;
    private readonly nint _active, _inner, _residual;
    private readonly ulong _site;
    private readonly string _name;
    private readonly int _hidden;

    /// <param name="plan">Where the places are taken.</param>
    /// <param name="scratch">Buffers for the backward pass.</param>
    /// <param name="name">Prefix of its weights.</param>
    /// <param name="inColumns">Columns of x.</param>
    /// <param name="hidden">H.</param>
    /// <param name="outWidth">Columns of y.</param>
    /// <param name="rows">The most rows that are on the tape at once.</param>
    /// <param name="skip">Whether the residual goes through a linear map.</param>
    public GatedResidual(Plan plan, Scratch scratch, string name, int[] inColumns, int hidden, int outWidth, int rows, bool skip)
    {
        (_name, _hidden, _scratch, _site) = (name, hidden, scratch, plan.NextSite());
        var own = Columns.Groups(1, hidden);
        _fc1 = new Linear(plan, own, inColumns);
        _fc2 = new Linear(plan, own, own);
        _gate = new GateAddNorm(plan, hidden, outWidth, rows);
        (_active, _inner) = (plan.Tape.Take((nint)rows * Width), plan.Tape.Take((nint)rows * Width));
        if (skip)
        {
            _skip = new Linear(plan, Columns.Groups(1, outWidth), inColumns);
            _residual = plan.Tape.Take((nint)rows * _skip.OutWidth);
        }
    }

    private int Width => Panels.Pad(_hidden);

    private int Blocks => Width / Panels.Lanes;

    public void Pack(float* prepared, TftWeights w)
    {
        _fc1.Pack(prepared, w[_name + ".fc1.weight"], w[_name + ".fc1.bias"]);
        _fc2.Pack(prepared, w[_name + ".fc2.weight"], w[_name + ".fc2.bias"]);
        _skip?.Pack(prepared, w[_name + ".skip.weight"], w[_name + ".skip.bias"]);
        _gate.Pack(prepared, w[_name + ".glu.linear.weight"], w[_name + ".glu.linear.bias"], w[_name + ".norm.weight"], w[_name + ".norm.bias"]);
    }

    /// <summary>y = GRN(x).</summary>
    /// <param name="p">The pass.</param>
    /// <param name="x">[rows, in], contiguous and padded.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="context">[H padded] to use in place of b1, or null.</param>
    /// <param name="window">Names the dropout mask.</param>
    /// <param name="y">[rows, out], not x.</param>
    public void Forward(in Pass p, float* x, int rows, float* context, int window, float* y)
    {
        float* active = p.Tape + _active, inner = p.Tape + _inner, residual = x;
        Gemm.MultiplyElu(x, _fc1.InWidth, rows, _fc1.K, _fc1.Packed(p), Blocks, context is null ? _fc1.Bias(p) : context, active, Width);
        _fc2.Forward(p, active, Width, rows, inner, Width);
        p.Drop(inner, rows, Blocks, _site, window);
        if (_skip is not null)
        {
            residual = p.Tape + _residual;
            _skip.Forward(p, x, _skip.InWidth, rows, residual, _skip.OutWidth);
        }

        _gate.Forward(p, inner, Width, rows, residual, y);
    }

    /// <summary>From dy to dx; adds to the gradients of the weights.</summary>
    /// <param name="p">The pass.</param>
    /// <param name="dy">[rows, out]; is overwritten.</param>
    /// <param name="x">As in the forward pass.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="dcontext">[H padded] to which the gradient of the context row is added, or null where the forward pass had none.</param>
    /// <param name="window">As in the forward pass.</param>
    /// <param name="dx">[rows, in], written; not dy.</param>
    public void Backward(in Pass p, float* dy, float* x, int rows, float* dcontext, int window, float* dx)
    {
        float* active = p.Tape + _active, dinner = _scratch.First(p), dactive = _scratch.Second(p);
        var dresidual = _skip is null ? dx : dy;
        _gate.Backward(p, dy, p.Tape + _inner, Width, rows, dinner, dresidual, _scratch.Both(p));
        p.Drop(dinner, rows, Blocks, _site, window);
        ColumnSum.Accumulate(dinner, Width, rows, Blocks, _fc2.BiasGradient(p));
        _fc2.BackwardWeights(p, dinner, Width, active, Width, rows);
        _fc2.BackwardInput(p, dinner, Width, rows, dactive, Width, accumulate: false);
        Elu.Backward(active, dactive, Width, rows, Blocks, dcontext is null ? _fc1.BiasGradient(p) : dcontext);
        _fc1.BackwardWeights(p, dactive, Width, x, _fc1.InWidth, rows);
        if (_skip is not null)
        {
            ColumnSum.Accumulate(dy, _skip.OutWidth, rows, _skip.OutBlocks, _skip.BiasGradient(p));
            _skip.BackwardWeights(p, dy, _skip.OutWidth, x, _skip.InWidth, rows);
            _skip.BackwardInput(p, dy, _skip.OutWidth, rows, dx, _skip.InWidth, accumulate: false);
        }

        _fc1.BackwardInput(p, dactive, Width, rows, dx, _fc1.InWidth, accumulate: true);
    }

    /// <summary>Adds its gradients to <paramref name="g"/>; with a context the bias of fc1 is collected with the context's map.</summary>
    public void Collect(float* gradient, TftWeights w, float[] g)
    {
        _fc1.Collect(gradient, w.In(g, _name + ".fc1.weight"), w.In(g, _name + ".fc1.bias"));
        _fc2.Collect(gradient, w.In(g, _name + ".fc2.weight"), w.In(g, _name + ".fc2.bias"));
        _skip?.Collect(gradient, w.In(g, _name + ".skip.weight"), w.In(g, _name + ".skip.bias"));
        _gate.Collect(
            gradient, w.In(g, _name + ".glu.linear.weight"), w.In(g, _name + ".glu.linear.bias"), w.In(g, _name + ".norm.weight"), w.In(g, _name + ".norm.bias"));
    }
}
