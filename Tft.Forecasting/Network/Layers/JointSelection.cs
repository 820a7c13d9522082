using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Forecasting.Network.Layers;

/// <summary>
/// The selection weights, paper eq. 6: softmax of a gated residual network over all variables at once. Its first layer and its residual are linear in the
/// embeddings, so both are folded to the scalars themselves: V columns in place of V H.
/// </summary>
internal sealed unsafe class JointSelection
{
    private readonly SelectionShape _shape;
    private readonly Scratch _scratch;
    private readonly Linear _first, _skip, _fc2;
    private readonly GateAddNorm _gate;
    private readonly nint[] _firstTable, _skipTable, _dfirstTable, _dskipTable;
    private readonly nint _active, _inner, _weights;
    private readonly int _steps, _kept;
    private readonly ulong _site;

    public JointSelection(Plan plan, Scratch scratch, SelectionShape shape, int windows, int steps)
    {
        (_shape, _scratch, _steps, _site) = (shape, scratch, steps, plan.NextSite());
        int h = shape.Hidden, v = shape.Variables;
        var scalars = Columns.Groups(1, shape.Scalars.Length);
        _first = new Linear(plan, Columns.Groups(1, h), scalars, inputGradient: false);
        _skip = new Linear(plan, Columns.Groups(1, v), scalars, inputGradient: false);
        _fc2 = new Linear(plan, Columns.Groups(1, h), Columns.Groups(1, h));
        _gate = new GateAddNorm(plan, h, v, windows * steps);
        Context = new ContextMap(plan, h, windows);
        _firstTable = [.. shape.Categories.Select(n => plan.Weights.Take((nint)n * Width))];
        _skipTable = [.. shape.Categories.Select(n => plan.Weights.Take((nint)n * Row))];
        _dfirstTable = [.. shape.Categories.Select(n => plan.Gradient.Take((nint)n * Width))];
        _dskipTable = [.. shape.Categories.Select(n => plan.Gradient.Take((nint)n * Row))];
        _kept = plan.Learns ? steps : 0;
        var rows = plan.Learns ? (nint)windows * steps : steps;
        (_active, _inner, _weights) = (plan.Tape.Take(rows * Width), plan.Tape.Take(rows * Width), plan.Tape.Take((nint)windows * steps * Row));
    }

    /// <summary>The map of the static context; its row holds everything of the first layer that is the same at every step.</summary>
    public ContextMap Context { get; }

    /// <summary>Floats of a row of weights: V padded.</summary>
    public int Row => Panels.Pad(_shape.Variables);

    private int Width => Panels.Pad(_shape.Hidden);

    private int Blocks => Width / Panels.Lanes;

    private string Own => _shape.Name + ".joint";

    /// <summary>[steps, Row]: the weights of a window after the forward pass.</summary>
    public float* Weights(in Pass p, int window) => p.Tape + _weights + ((nint)window * _steps * Row);

    public void Pack(float* prepared, TftWeights w)
    {
        var h = _shape.Hidden;
        FoldInto(prepared, w, Own + ".fc1", h, Width, _firstTable, (u, constant) =>
        {
            _first.Pack(prepared, u, default);
            Context.Pack(prepared, w[Own + ".context.weight"], constant);
        });
        FoldInto(prepared, w, Own + ".skip", _shape.Variables, Row, _skipTable, (u, constant) => _skip.Pack(prepared, u, constant));
        _fc2.Pack(prepared, w[Own + ".fc2.weight"], w[Own + ".fc2.bias"]);
        _gate.Pack(prepared, w[Own + ".glu.linear.weight"], w[Own + ".glu.linear.bias"], w[Own + ".norm.weight"], w[Own + ".norm.bias"]);
    }

    /// <summary>Leaves the weights of a window's steps in <see cref="Weights"/>.</summary>
    public void Forward(in Pass p, in SelectionInput input, int window, int steps)
    {
        var at = (nint)window * _kept;
        float* active = p.Tape + _active + (at * Width), inner = p.Tape + _inner + (at * Width), skip = _scratch.First(p), weights = Weights(p, window);
        var (k, row) = (_first.K, input.ScalarRow);
        if (_shape.Categories.Length == 0)
        {
            Gemm.MultiplyElu(input.Scalars, row, steps, k, _first.Packed(p), Blocks, Context.Row(p, window), active, Width);
        }
        else
        {
            Gemm.Multiply(input.Scalars, row, steps, k, _first.Packed(p), Blocks, Context.Row(p, window), active, Width);
            for (var o = 0; o < _shape.Categories.Length; o++)
            {
                Lookup.Add(p.Weights + _firstTable[o], input.Categories + o, input.CategoryRow, steps, Width, active);
            }

            Elu.Forward(active, (nint)steps * Width);
        }

        _skip.Forward(p, input.Scalars, row, steps, skip, Row);
        for (var o = 0; o < _shape.Categories.Length; o++)
        {
            Lookup.Add(p.Weights + _skipTable[o], input.Categories + o, input.CategoryRow, steps, Row, skip);
        }

        _fc2.Forward(p, active, Width, steps, inner, Width);
        p.Drop(inner, steps, Blocks, _site, window);
        _gate.Forward(p, inner, Width, steps, skip, weights, (int)at);
        Softmax.Forward(weights, Row, steps, _shape.Variables, 0, Row);
    }

    /// <param name="p">The pass.</param>
    /// <param name="input">As in the forward pass.</param>
    /// <param name="window">As in the forward pass.</param>
    /// <param name="dweights">[steps, Row]: gradient of the weights; is overwritten.</param>
    public void Backward(in Pass p, in SelectionInput input, int window, float* dweights)
    {
        var at = (nint)window * _kept;
        float* active = p.Tape + _active + (at * Width), inner = p.Tape + _inner + (at * Width), dinner = _scratch.First(p), dactive = _scratch.Second(p);
        Softmax.Backward(Weights(p, window), dweights, dweights, Row, _steps, Row, 1f);
        _gate.Backward(p, dweights, inner, Width, _steps, dinner, dweights, _scratch.Both(p), (int)at);
        p.Drop(dinner, _steps, Blocks, _site, window);
        ColumnSum.Accumulate(dinner, Width, _steps, Blocks, _fc2.BiasGradient(p));
        _fc2.BackwardWeights(p, dinner, Width, active, Width, _steps);
        _fc2.BackwardInput(p, dinner, Width, _steps, dactive, Width, accumulate: false);
        Elu.Backward(active, dactive, Width, _steps, Blocks, Context.RowGradient(p, window));
        _first.BackwardWeights(p, dactive, Width, input.Scalars, input.ScalarRow, _steps);
        _skip.BackwardWeights(p, dweights, Row, input.Scalars, input.ScalarRow, _steps);
        ColumnSum.Accumulate(dweights, Row, _steps, _skip.OutBlocks, _skip.BiasGradient(p));
        for (var o = 0; o < _shape.Categories.Length; o++)
        {
            Lookup.Scatter(p.Gradient + _dfirstTable[o], input.Categories + o, input.CategoryRow, _steps, Width, dactive);
            Lookup.Scatter(p.Gradient + _dskipTable[o], input.Categories + o, input.CategoryRow, _steps, Row, dweights);
        }
    }

    public void Collect(float* gradient, TftWeights w, float[] g)
    {
        int h = _shape.Hidden, v = _shape.Variables, s = _shape.Scalars.Length;
        float[] du = new float[h * s], constant = new float[h];
        _first.Collect(gradient, du, default);
        Context.Collect(gradient, w.In(g, Own + ".context.weight"), constant);
        Unfold(gradient, w, g, Own + ".fc1", h, Width, _dfirstTable, du, constant);
        float[] dskip = new float[v * s], skipConstant = new float[v];
        _skip.Collect(gradient, dskip, skipConstant);
        Unfold(gradient, w, g, Own + ".skip", v, Row, _dskipTable, dskip, skipConstant);
        _fc2.Collect(gradient, w.In(g, Own + ".fc2.weight"), w.In(g, Own + ".fc2.bias"));
        _gate.Collect(gradient, w.In(g, Own + ".glu.linear.weight"), w.In(g, Own + ".glu.linear.bias"), w.In(g, Own + ".norm.weight"), w.In(g, Own + ".norm.bias"));
    }

    /// <summary>[outputs, V H] times the embeddings: [outputs, scalars] for their weights, one vector for all their biases, a table for each categorical.</summary>
    private void FoldInto(float* prepared, TftWeights w, string name, int outputs, int row, nint[] tables, Action<float[], float[]> pack)
    {
        int h = _shape.Hidden, s = _shape.Scalars.Length, columns = _shape.Variables * h;
        ReadOnlySpan<float> weight = w[name + ".weight"];
        var u = new float[outputs * s];
        var constant = w[name + ".bias"].ToArray();
        for (var i = 0; i < s; i++)
        {
            var scalar = _shape.Scalars[i];
            var from = (_shape.Categories.Length + i) * h;
            Fold.Apply(weight, columns, from, w[scalar.Name + "_weight"].Slice(scalar.Row * h, h), u.AsSpan(i), s);
            Fold.Apply(weight, columns, from, w[scalar.Name + "_bias"].Slice(scalar.Row * h, h), constant);
        }

        for (var o = 0; o < tables.Length; o++)
        {
            for (var value = 0; value < _shape.Categories[o]; value++)
            {
                var to = new Span<float>(prepared + tables[o] + ((nint)value * row), outputs);
                to.Clear();
                Fold.Apply(weight, columns, o * h, w[$"observed_embedding.{o}.weight"].Slice(value * h, h), to);
            }
        }

        pack(u, constant);
    }

    private void Unfold(float* gradient, TftWeights w, float[] g, string name, int outputs, int row, nint[] tables, float[] du, float[] constant)
    {
        int h = _shape.Hidden, s = _shape.Scalars.Length, columns = _shape.Variables * h;
        ReadOnlySpan<float> weight = w[name + ".weight"];
        var dweight = w.In(g, name + ".weight");
        for (var i = 0; i < s; i++)
        {
            var scalar = _shape.Scalars[i];
            var (from, at) = ((_shape.Categories.Length + i) * h, scalar.Row * h);
            string ew = scalar.Name + "_weight", eb = scalar.Name + "_bias";
            Fold.AddOuter(dweight, columns, from, du.AsSpan(i), w[ew].Slice(at, h), s);
            Fold.AddOuter(dweight, columns, from, constant, w[eb].Slice(at, h));
            Fold.AddTransposed(weight, columns, from, du.AsSpan(i), w.In(g, ew).Slice(at, h), s);
            Fold.AddTransposed(weight, columns, from, constant, w.In(g, eb).Slice(at, h));
        }

        for (var o = 0; o < tables.Length; o++)
        {
            var embedding = $"observed_embedding.{o}.weight";
            for (var value = 0; value < _shape.Categories[o]; value++)
            {
                var d = new ReadOnlySpan<float>(gradient + tables[o] + ((nint)value * row), outputs);
                Fold.AddOuter(dweight, columns, o * h, d, w[embedding].Slice(value * h, h));
                Fold.AddTransposed(weight, columns, o * h, d, w.In(g, embedding).Slice(value * h, h));
            }
        }

        var dbias = w.In(g, name + ".bias");
        for (var i = 0; i < outputs; i++)
        {
            dbias[i] += constant[i];
        }
    }
}
