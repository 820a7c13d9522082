using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Forecasting.Network.Layers;

/// <summary>
/// Static covariate encoders, paper section 4.3: a selection among the embedded static categoricals, and from the selected vector four contexts.
/// Without categoricals the vector is zero and the contexts are learned constants.
/// </summary>
internal sealed unsafe class StaticEncoder
{
    private readonly TftConfig _c;
    private readonly GatedResidual? _joint;
    private readonly GatedResidual[] _each, _contexts;
    private readonly nint[] _tables, _dtables, _embedded, _processed, _rows, _drows;
    private readonly nint _all, _dall, _weights, _dweights, _vector, _dvector, _scratch;

    private static readonly string[] s_names = ["selection", "enrichment", "hidden", "cell"];

    public StaticEncoder(Plan plan, Scratch scratch, TftConfig c, int windows)
    {
        _c = c;
        int h = c.Hidden, s = c.StaticSizes.Length;
        var own = Columns.Groups(1, h);
        nint rows = (nint)windows * Width;
        if (s > 0)
        {
            _joint = new GatedResidual(plan, scratch, "static_selection.joint", Columns.Groups(s, h), h, s, windows, skip: true);
        }

        _each = [.. Enumerable.Range(0, s).Select(i => new GatedResidual(plan, scratch, $"static_selection.each.{i}", own, h, h, windows, skip: false))];
        _contexts = [.. s_names.Select(n => new GatedResidual(plan, scratch, "static_context." + n, own, h, h, windows, skip: false))];
        _tables = [.. c.StaticSizes.Select(n => plan.Weights.Take((nint)n * Width))];
        _dtables = [.. c.StaticSizes.Select(n => plan.Gradient.Take((nint)n * Width))];
        _embedded = [.. c.StaticSizes.Select(_ => plan.Tape.Take(rows))];
        _processed = [.. c.StaticSizes.Select(_ => plan.Tape.Take(rows))];
        _rows = [.. s_names.Select(_ => plan.Tape.Take(rows))];
        _drows = [.. s_names.Select(_ => plan.Tape.Take(rows))];
        (_all, _dall) = (plan.Tape.Take(rows * Math.Max(s, 1)), plan.Tape.Take(rows * Math.Max(s, 1)));
        (_weights, _dweights) = (plan.Tape.Take((nint)windows * Row), plan.Tape.Take((nint)windows * Row));
        (_vector, _dvector, _scratch) = (plan.Tape.Take(rows), plan.Tape.Take(rows), plan.Tape.Take(rows));
    }

    private int Width => Panels.Pad(_c.Hidden);

    private int Row => Panels.Pad(Math.Max(1, _c.StaticSizes.Length));

    /// <summary>[windows, H padded] each.</summary>
    public float* Selection(in Pass p) => p.Tape + _rows[0];

    public float* Enrichment(in Pass p) => p.Tape + _rows[1];

    public float* Hidden(in Pass p) => p.Tape + _rows[2];

    public float* Cell(in Pass p) => p.Tape + _rows[3];

    /// <summary>Where the gradient of a context goes before <see cref="Backward"/>.</summary>
    public float* SelectionGradient(in Pass p) => p.Tape + _drows[0];

    public float* EnrichmentGradient(in Pass p) => p.Tape + _drows[1];

    public float* HiddenGradient(in Pass p) => p.Tape + _drows[2];

    public float* CellGradient(in Pass p) => p.Tape + _drows[3];

    public void Pack(float* prepared, TftWeights w)
    {
        for (var i = 0; i < _tables.Length; i++)
        {
            var source = w[$"static_embedding.{i}.weight"];
            for (var v = 0; v < _c.StaticSizes[i]; v++)
            {
                source.Slice(v * _c.Hidden, _c.Hidden).CopyTo(new Span<float>(prepared + _tables[i] + ((nint)v * Width), _c.Hidden));
            }
        }

        _joint?.Pack(prepared, w);
        foreach (var grn in _each.Concat(_contexts))
        {
            grn.Pack(prepared, w);
        }
    }

    /// <param name="p">The pass.</param>
    /// <param name="index">[windows, S].</param>
    /// <param name="windows">Windows.</param>
    public void Forward(in Pass p, int* index, int windows)
    {
        var vector = p.Tape + _vector;
        new Span<float>(vector, windows * Width).Clear();
        var s = _each.Length;
        if (_joint is not null)
        {
            Embed(p, index, windows);
            _joint.Forward(p, p.Tape + _all, windows, null, 0, p.Tape + _weights);
            Softmax.Forward(p.Tape + _weights, Row, windows, s, 0, Row);
            for (var i = 0; i < s; i++)
            {
                _each[i].Forward(p, p.Tape + _embedded[i], windows, null, 0, p.Tape + _processed[i]);
                WeightedSum(p, i, windows);
            }
        }

        for (var i = 0; i < _contexts.Length; i++)
        {
            _contexts[i].Forward(p, vector, windows, null, 0, p.Tape + _rows[i]);
        }
    }

    /// <summary>From the gradients of the four contexts to those of the weights.</summary>
    public void Backward(in Pass p, int* index, int windows)
    {
        float* vector = p.Tape + _vector, dvector = p.Tape + _dvector, scratch = p.Tape + _scratch;
        var size = windows * Width;
        new Span<float>(dvector, size).Clear();
        for (var i = 0; i < _contexts.Length; i++)
        {
            _contexts[i].Backward(p, p.Tape + _drows[i], vector, windows, null, 0, scratch);
            VectorMath.Add(dvector, scratch, size);
        }

        if (_joint is null)
        {
            return;
        }

        float* weights = p.Tape + _weights, dweights = p.Tape + _dweights, drow = p.Tape + _drows[0];
        for (var i = 0; i < _each.Length; i++)
        {
            for (var b = 0; b < windows; b++)
            {
                float dot = 0f, w = weights[(b * Row) + i];
                float* y = p.Tape + _processed[i] + ((nint)b * Width), d = dvector + ((nint)b * Width), to = drow + ((nint)b * Width);
                for (var j = 0; j < Width; j++)
                {
                    dot += d[j] * y[j];
                    to[j] = d[j] * w;
                }

                dweights[(b * Row) + i] = dot;
            }

            _each[i].Backward(p, drow, p.Tape + _embedded[i], windows, null, 0, scratch);
            Lookup.Scatter(p.Gradient + _dtables[i], index + i, _c.StaticSizes.Length, windows, Width, scratch);
        }

        Softmax.Backward(weights, dweights, dweights, Row, windows, Row, 1f);
        _joint.Backward(p, dweights, p.Tape + _all, windows, null, 0, p.Tape + _dall);
        for (var b = 0; b < windows; b++)
        {
            for (var i = 0; i < _each.Length; i++)
            {
                var table = p.Gradient + _dtables[i] + ((nint)index[(b * _each.Length) + i] * Width);
                VectorMath.Add(table, p.Tape + _dall + ((((nint)b * _each.Length) + i) * Width), Width);
            }
        }
    }

    public void Collect(float* gradient, TftWeights w, float[] g)
    {
        for (var i = 0; i < _tables.Length; i++)
        {
            var to = w.In(g, $"static_embedding.{i}.weight");
            for (var j = 0; j < to.Length; j++)
            {
                to[j] += gradient[_dtables[i] + ((nint)(j / _c.Hidden) * Width) + (j % _c.Hidden)];
            }
        }

        _joint?.Collect(gradient, w, g);
        foreach (var grn in _each.Concat(_contexts))
        {
            grn.Collect(gradient, w, g);
        }
    }

    /// <summary>Copies the selection weights of a window to [S].</summary>
    public void CopyWeights(in Pass p, int window, Span<float> destination) =>
        new ReadOnlySpan<float>(p.Tape + _weights + ((nint)window * Row), _each.Length).CopyTo(destination);

    private void Embed(in Pass p, int* index, int windows)
    {
        var s = _each.Length;
        for (var i = 0; i < s; i++)
        {
            Lookup.Gather(p.Weights + _tables[i], index + i, s, windows, Width, p.Tape + _embedded[i]);
            for (var b = 0; b < windows; b++)
            {
                new ReadOnlySpan<float>(p.Tape + _embedded[i] + ((nint)b * Width), Width)
                    .CopyTo(new Span<float>(p.Tape + _all + ((((nint)b * s) + i) * Width), Width));
            }
        }
    }

    private void WeightedSum(in Pass p, int variable, int windows)
    {
        for (var b = 0; b < windows; b++)
        {
            var w = p.Tape[_weights + ((nint)b * Row) + variable];
            float* y = p.Tape + _processed[variable] + ((nint)b * Width), to = p.Tape + _vector + ((nint)b * Width);
            for (var j = 0; j < Width; j++)
            {
                to[j] += w * y[j];
            }
        }
    }
}
