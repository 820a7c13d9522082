using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Forecasting.Network.Layers;

/// <summary>
/// A variable's gated residual network for forecasts. It takes one scalar and no context, so it is a curve R -> R^H, and looked up in a table; of a categorical
/// it is one row per value, which is exact. A scalar outside the table is computed.
/// </summary>
internal sealed unsafe class VariableCurve
{
    /// <summary>The table covers [-Range, Range] scaled units, and what its cubics need beyond.</summary>
    private const int Range = 6;

    /// <summary>The largest error that a table may have; outputs are normalised, so of the size of 1.</summary>
    private const float Tolerance = 4e-6f;

    private const int LeastDensity = 64;
    private const int MostDensity = 256;
    private const int RowsAtOnce = 64;

    private readonly SelectionShape _shape;
    private readonly Linear _fc2, _glu;
    private readonly int _index, _values;
    private readonly nint _first, _skip, _gamma, _beta;
    private readonly nint _x, _active, _inner, _around, _y, _outside;
    private FloatBlock _table = new(0);
    private int _knots, _density;

    public VariableCurve(Plan plan, SelectionShape shape, int index, int steps)
    {
        (_shape, _index) = (shape, index);
        _values = IsCategory ? shape.Categories[index] : 2;
        var own = Columns.Groups(1, shape.Hidden);
        _fc2 = new Linear(plan, own, own);
        _glu = new Linear(plan, Columns.Groups(2, shape.Hidden), own);
        (_first, _skip) = (plan.Weights.Take((nint)_values * Width), plan.Weights.Take((nint)_values * Width));
        (_gamma, _beta) = (plan.Weights.Take(Width), plan.Weights.Take(Width));
        nint size = RowsAtOnce * (nint)Width;
        (_x, _active, _inner) = (plan.Tape.Take(RowsAtOnce), plan.Tape.Take(size), plan.Tape.Take(size));
        (_around, _y, _outside) = (plan.Tape.Take(size), plan.Tape.Take(size), plan.Tape.Take(steps));
    }

    /// <summary>The table's largest error at the points between its knots; 0 where there is no table.</summary>
    public float Error { get; private set; }

    /// <summary>Whether scalars are looked up rather than computed.</summary>
    public bool IsTable => _knots > 0;

    private bool IsCategory => _index < _shape.Categories.Length;

    private int Width => Panels.Pad(_shape.Hidden);

    private int Blocks => Width / Panels.Lanes;

    /// <param name="p">A pass whose tape nobody else uses.</param>
    /// <param name="w">The weights.</param>
    public void Pack(in Pass p, TftWeights w)
    {
        var own = $"{_shape.Name}.each.{_index}";
        var h = _shape.Hidden;
        for (var v = 0; v < _values; v++)
        {
            var first = new Span<float>(p.Weights + _first + ((nint)v * Width), h);
            var embedding = _shape.Embedding(w, w.Data, _index, v);
            first.Clear();
            Fold.Apply(w[own + ".fc1.weight"], h, 0, embedding, first);
            for (var i = 0; i < h && (IsCategory || v == 1); i++)
            {
                first[i] += w[own + ".fc1.bias"][i];
            }

            embedding.CopyTo(new Span<float>(p.Weights + _skip + ((nint)v * Width), h));
        }

        _fc2.Pack(p.Weights, w[own + ".fc2.weight"], w[own + ".fc2.bias"]);
        _glu.Pack(p.Weights, w[own + ".glu.linear.weight"], w[own + ".glu.linear.bias"]);
        w[own + ".norm.weight"].CopyTo(new Span<float>(p.Weights + _gamma, h));
        w[own + ".norm.bias"].CopyTo(new Span<float>(p.Weights + _beta, h));
        if (IsCategory)
        {
            TabulateValues(p);
        }
        else
        {
            Tabulate(p);
        }
    }

    /// <summary>selected = (or +=) weight * GRN(variable), for the steps of one window.</summary>
    public void Mix(in Pass p, in SelectionInput input, float* weights, nint weightRow, int steps, float* selected)
    {
        var first = _index == 0;
        if (IsCategory)
        {
            Curve.MixRows(_table.Pointer, input.Categories + _index, input.CategoryRow, weights + _index, weightRow, steps, Blocks, selected, first);
            return;
        }

        var x = input.Scalars + _index - _shape.Categories.Length;
        var outside = (int*)(p.Tape + _outside);
        var count = steps;
        if (IsTable)
        {
            count = Curve.Mix(_table.Pointer, _knots, _density, x, input.ScalarRow, weights + _index, weightRow, steps, Blocks, selected, first, outside);
        }
        else
        {
            for (var t = 0; t < steps; t++)
            {
                outside[t] = t;
            }

            if (first)
            {
                new Span<float>(selected, steps * Width).Clear();
            }
        }

        for (var done = 0; done < count; done += RowsAtOnce)
        {
            Compute(p, x, input.ScalarRow, weights + _index, weightRow, outside + done, Math.Min(RowsAtOnce, count - done), selected);
        }
    }

    private void Compute(in Pass p, float* x, nint xRow, float* weights, nint weightRow, int* steps, int count, float* selected)
    {
        var scalars = p.Tape + _x;
        for (var i = 0; i < count; i++)
        {
            scalars[i] = x[steps[i] * xRow];
        }

        Exact(p, scalars, count);
        for (var i = 0; i < count; i++)
        {
            float* to = selected + ((nint)steps[i] * Width), from = p.Tape + _y + ((nint)i * Width);
            var weight = weights[steps[i] * weightRow];
            for (var j = 0; j < Width; j++)
            {
                to[j] += weight * from[j];
            }
        }
    }

    /// <summary>The curve at some scalars, to the tape.</summary>
    private void Exact(in Pass p, float* x, int rows)
    {
        float* first = p.Weights + _first, skip = p.Weights + _skip;
        ScalarAffine.Forward(x, 1, rows, Blocks, first, first + Width, skip, skip + Width, p.Tape + _active, p.Tape + _around);
        Finish(p, rows);
    }

    private void Finish(in Pass p, int rows)
    {
        float* inner = p.Tape + _inner, y = p.Tape + _y;
        _fc2.Forward(p, p.Tape + _active, Width, rows, inner, Width);
        GatedGemm.Multiply(inner, Width, rows, _glu.K, _glu.Packed(p), Blocks, _glu.Bias(p), new GatedRows
        {
            Output = y, OutputRow = Width, Residual = p.Tape + _around, ResidualRow = Width,
        });
        LayerNorm.Forward(y, y, Width, rows, _shape.Hidden, p.Weights + _gamma, p.Weights + _beta, null, null);
    }

    private void TabulateValues(in Pass p)
    {
        _table = new FloatBlock((nint)_values * Width);
        for (var v = 0; v < _values; v++)
        {
            new ReadOnlySpan<float>(p.Weights + _first + ((nint)v * Width), Width).CopyTo(new Span<float>(p.Tape + _active, Width));
            new ReadOnlySpan<float>(p.Weights + _skip + ((nint)v * Width), Width).CopyTo(new Span<float>(p.Tape + _around, Width));
            Elu.Forward(p.Tape + _active, Width);
            Finish(p, 1);
            new ReadOnlySpan<float>(p.Tape + _y, Width).CopyTo(_table.Span[(v * Width)..]);
        }
    }

    private void Tabulate(in Pass p)
    {
        for (_density = LeastDensity; _density <= MostDensity; _density *= 2)
        {
            _knots = (2 * ((Range * _density) + 2)) + 1;
            _table = new FloatBlock((nint)_knots * Width);
            for (var at = 0; at < _knots; at += RowsAtOnce)
            {
                Points(p, at, 0f);
                new ReadOnlySpan<float>(p.Tape + _y, Math.Min(RowsAtOnce, _knots - at) * Width).CopyTo(_table.Span[(at * Width)..]);
            }

            Error = Math.Max(ErrorAt(p, 0.25f), ErrorAt(p, 0.6f));
            if (Error <= Tolerance)
            {
                return;
            }
        }

        (_knots, _table, Error) = (0, new FloatBlock(0), 0f);
    }

    /// <summary>Computes the curve at 64 knots from <paramref name="at"/> on, moved by a share of a step.</summary>
    private void Points(in Pass p, int at, float share)
    {
        for (var i = 0; i < RowsAtOnce; i++)
        {
            p.Tape[_x + i] = (at + i - (_knots / 2) + share) / _density;
        }

        Exact(p, p.Tape + _x, RowsAtOnce);
    }

    private float ErrorAt(in Pass p, float share)
    {
        var error = 0f;
        var looked = new FloatBlock((nint)RowsAtOnce * Width);
        var ones = new FloatBlock(RowsAtOnce);
        ones.Span.Fill(1f);
        for (var at = 0; at < _knots; at += RowsAtOnce)
        {
            Points(p, at, share);
            var outside = Curve.Mix(
                _table.Pointer, _knots, _density, p.Tape + _x, 1, ones.Pointer, 1, RowsAtOnce, Blocks, looked.Pointer, true, (int*)(p.Tape + _inner));
            for (var i = 0; i < RowsAtOnce; i++)
            {
                // the ends have no four neighbours: they are computed
                var skipped = false;
                for (var o = 0; o < outside; o++)
                {
                    skipped |= ((int*)(p.Tape + _inner))[o] == i;
                }

                for (var j = 0; j < Width && !skipped; j++)
                {
                    error = Math.Max(error, Math.Abs(looked.Pointer[(i * Width) + j] - p.Tape[_y + ((nint)i * Width) + j]));
                }
            }
        }

        GC.KeepAlive(looked);
        GC.KeepAlive(ones);
        return float.IsNaN(error) ? float.PositiveInfinity : error;
    }
}
