using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Forecasting.Network.Layers;

/// <summary>
/// One variable's own gated residual network, paper eq. 7, with its embedding folded in: a scalar's first layer is x u + c, a category's is a row of a table.
/// </summary>
internal sealed unsafe class Variable
{
    private readonly SelectionShape _shape;
    private readonly Scratch _scratch;
    private readonly Linear _fc2, _glu;
    private readonly int _index, _values, _steps;
    private readonly nint _first, _skip, _dfirst, _dskip;
    private readonly nint _gamma, _beta, _dgamma, _dbeta;
    private readonly nint _active, _inner, _value, _gate, _normal, _scale;
    private readonly ulong _site;

    /// <param name="plan">Where the places are taken.</param>
    /// <param name="scratch">Buffers.</param>
    /// <param name="shape">The selection network that it belongs to.</param>
    /// <param name="index">Its index there.</param>
    /// <param name="windows">The most windows on the tape.</param>
    /// <param name="steps">Steps of a window.</param>
    public Variable(Plan plan, Scratch scratch, SelectionShape shape, int index, int windows, int steps)
    {
        (_shape, _scratch, _index, _steps, _site) = (shape, scratch, index, steps, plan.NextSite());
        _values = index < shape.Categories.Length ? shape.Categories[index] : 2;
        var own = Columns.Groups(1, shape.Hidden);
        _fc2 = new Linear(plan, own, own);
        _glu = new Linear(plan, Columns.Groups(2, shape.Hidden), own);

        // a scalar: rows u and c, and w and b; a category: a row per value
        (_first, _skip) = (plan.Weights.Take((nint)_values * Width), plan.Weights.Take((nint)_values * Width));
        (_dfirst, _dskip) = (plan.Gradient.Take((nint)_values * Width), plan.Gradient.Take((nint)_values * Width));
        (_gamma, _beta) = (plan.Weights.Take(Width), plan.Weights.Take(Width));
        (_dgamma, _dbeta) = (plan.Gradient.Take(Width), plan.Gradient.Take(Width));
        var size = (nint)windows * steps * Width;
        (_active, _inner) = (plan.Tape.Take(size), plan.Tape.Take(size));
        (_value, _gate, _normal) = (plan.Tape.Take(size), plan.Tape.Take(size), plan.Tape.Take(size));
        _scale = plan.Tape.Take((nint)windows * steps);
    }

    private int Width => Panels.Pad(_shape.Hidden);

    private int Blocks => Width / Panels.Lanes;

    private bool IsCategory => _index < _shape.Categories.Length;

    private string Own => $"{_shape.Name}.each.{_index}";

    public void Pack(float* prepared, TftWeights w)
    {
        var h = _shape.Hidden;
        ReadOnlySpan<float> fc1 = w[Own + ".fc1.weight"], bias = w[Own + ".fc1.bias"];
        for (var v = 0; v < _values; v++)
        {
            var first = new Span<float>(prepared + _first + ((nint)v * Width), h);
            var embedding = _shape.Embedding(w, w.Data, _index, v);
            first.Clear();
            Fold.Apply(fc1, h, 0, embedding, first);
            for (var i = 0; i < h && (IsCategory || v == 1); i++)
            {
                first[i] += bias[i];
            }

            if (IsCategory)
            {
                Elu.Forward(prepared + _first + ((nint)v * Width), Width);
            }

            embedding.CopyTo(new Span<float>(prepared + _skip + ((nint)v * Width), h));
        }

        _fc2.Pack(prepared, w[Own + ".fc2.weight"], w[Own + ".fc2.bias"]);
        _glu.Pack(prepared, w[Own + ".glu.linear.weight"], w[Own + ".glu.linear.bias"]);
        w[Own + ".norm.weight"].CopyTo(new Span<float>(prepared + _gamma, h));
        w[Own + ".norm.bias"].CopyTo(new Span<float>(prepared + _beta, h));
    }

    /// <summary>selected = (or +=) weight * GRN(variable), for the steps of one window.</summary>
    /// <param name="p">The pass.</param>
    /// <param name="input">The window's inputs.</param>
    /// <param name="window">Its place on the tape.</param>
    /// <param name="weights">[steps, weightRow]: selection weights of all variables.</param>
    /// <param name="weightRow">Floats from step to step.</param>
    /// <param name="selected">[steps, H padded].</param>
    public void Forward(in Pass p, in SelectionInput input, int window, float* weights, nint weightRow, float* selected)
    {
        var at = (nint)window * _steps * Width;
        float* active = p.Tape + _active + at, inner = p.Tape + _inner + at, skip = _scratch.First(p), sum = _scratch.Second(p);
        float* first = p.Weights + _first, around = p.Weights + _skip;
        if (IsCategory)
        {
            Lookup.Gather(first, input.Categories + _index, input.CategoryRow, _steps, Width, active);
            Lookup.Gather(around, input.Categories + _index, input.CategoryRow, _steps, Width, skip);
        }
        else
        {
            ScalarAffine.Forward(Column(input), input.ScalarRow, _steps, Blocks, first, first + Width, around, around + Width, active, skip);
        }

        _fc2.Forward(p, active, Width, _steps, inner, Width);
        p.Drop(inner, _steps, Blocks, _site, window);
        GatedGemm.Multiply(inner, Width, _steps, _glu.K, _glu.Packed(p), Blocks, _glu.Bias(p), new GatedRows
        {
            Output = sum,
            OutputRow = Width,
            Residual = skip,
            ResidualRow = Width,
            Value = p.Gradient is null ? null : p.Tape + _value + at,
            Gate = p.Tape + _gate + at,
            TapeRow = Width,
        });
        NormSelect.Forward(
            sum, Width, _steps, _shape.Hidden, p.Weights + _gamma, p.Weights + _beta, weights + _index, weightRow, selected, _index == 0, p.Tape + _normal + at,
            p.Tape + _scale + ((nint)window * _steps));
    }

    /// <summary>From the gradient of the selected rows to those of this variable's weights and of its selection weights.</summary>
    public void Backward(in Pass p, in SelectionInput input, int window, float* dselected, float* weights, float* dweights, nint weightRow)
    {
        var at = (nint)window * _steps * Width;
        float* active = p.Tape + _active + at, inner = p.Tape + _inner + at;
        float* dsum = _scratch.First(p), dinner = _scratch.Second(p), dactive = _scratch.Third(p), both = _scratch.Both(p);
        NormSelect.Backward(
            dselected, Width, _steps, _shape.Hidden, p.Weights + _gamma, p.Weights + _beta, weights + _index, dweights + _index, weightRow, p.Tape + _normal + at,
            p.Tape + _scale + ((nint)window * _steps), dsum, p.Gradient + _dgamma, p.Gradient + _dbeta);
        Glu.Backward(dsum, p.Tape + _value + at, p.Tape + _gate + at, Width, _steps, Blocks, both, _glu.BiasGradient(p));
        _glu.BackwardWeights(p, both, 2 * Width, inner, Width, _steps);
        _glu.BackwardInput(p, both, 2 * Width, _steps, dinner, Width, accumulate: false);
        p.Drop(dinner, _steps, Blocks, _site, window);
        ColumnSum.Accumulate(dinner, Width, _steps, Blocks, _fc2.BiasGradient(p));
        _fc2.BackwardWeights(p, dinner, Width, active, Width, _steps);
        _fc2.BackwardInput(p, dinner, Width, _steps, dactive, Width, accumulate: false);
        float* dfirst = p.Gradient + _dfirst, dskip = p.Gradient + _dskip;
        if (IsCategory)
        {
            // the bias is part of every row of the table, so its sums are taken there
            Elu.Backward(active, dactive, Width, _steps, Blocks, both);
            Lookup.Scatter(dfirst, input.Categories + _index, input.CategoryRow, _steps, Width, dactive);
            Lookup.Scatter(dskip, input.Categories + _index, input.CategoryRow, _steps, Width, dsum);
        }
        else
        {
            ScalarAffine.Backward(
                Column(input), input.ScalarRow, _steps, Blocks, active, dactive, dsum, dfirst, dfirst + Width, dskip, dskip + Width);
        }
    }

    public void Collect(float* gradient, TftWeights w, float[] g)
    {
        var h = _shape.Hidden;
        ReadOnlySpan<float> fc1 = w[Own + ".fc1.weight"];
        Span<float> dfc1 = w.In(g, Own + ".fc1.weight"), dbias = w.In(g, Own + ".fc1.bias");
        for (var v = 0; v < _values; v++)
        {
            var first = new ReadOnlySpan<float>(gradient + _dfirst + ((nint)v * Width), h);
            var skip = new ReadOnlySpan<float>(gradient + _dskip + ((nint)v * Width), h);
            var dembedding = _shape.Embedding(w, g, _index, v);
            Fold.AddOuter(dfc1, h, 0, first, _shape.Embedding(w, w.Data, _index, v));
            Fold.AddTransposed(fc1, h, 0, first, dembedding);
            for (var i = 0; i < h; i++)
            {
                dembedding[i] += skip[i];
                dbias[i] += IsCategory || v == 1 ? first[i] : 0f;
            }
        }

        _fc2.Collect(gradient, w.In(g, Own + ".fc2.weight"), w.In(g, Own + ".fc2.bias"));
        _glu.Collect(gradient, w.In(g, Own + ".glu.linear.weight"), w.In(g, Own + ".glu.linear.bias"));
        Span<float> dgamma = w.In(g, Own + ".norm.weight"), dbeta = w.In(g, Own + ".norm.bias");
        for (var i = 0; i < h; i++)
        {
            dgamma[i] += gradient[_dgamma + i];
            dbeta[i] += gradient[_dbeta + i];
        }
    }

    private float* Column(in SelectionInput input) => input.Scalars + _index - _shape.Categories.Length;
}
