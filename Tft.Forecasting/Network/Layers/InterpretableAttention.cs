using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Forecasting.Network.Layers;

/// <summary>
/// Interpretable multi-head attention, paper section 4.4: the heads share one value map, so their weights can be averaged and read. Queries are the decoder's
/// steps; keys and values are all steps up to each query.
/// </summary>
internal sealed unsafe class InterpretableAttention
{
    private readonly Linear _query, _key, _value, _out;
    private readonly int _heads, _width, _encoder, _decoder;
    private readonly nint _q, _k, _v, _weights, _mean, _context, _packed;
    private readonly nint _dmean, _dcontext, _dq, _dk, _dv;

    public InterpretableAttention(Plan plan, TftConfig c)
    {
        (_heads, _width, _encoder, _decoder) = (c.Heads, c.Hidden / c.Heads, c.Encoder, c.Decoder);
        var own = Columns.Groups(1, c.Hidden);
        _query = new Linear(plan, Columns.Groups(_heads, _width), own);
        _key = new Linear(plan, Columns.Groups(_heads, _width), own);
        _value = new Linear(plan, Columns.Groups(1, _width), own);
        _out = new Linear(plan, own, Columns.Groups(1, _width));
        nint steps = c.Steps;
        (_q, _k, _v) = (plan.Tape.Take(_decoder * QueryRow), plan.Tape.Take(steps * QueryRow), plan.Tape.Take(StepsPadded * Head));
        (_dq, _dk, _dv) = (plan.Tape.Take(_decoder * QueryRow), plan.Tape.Take(StepsPadded * QueryRow), plan.Tape.Take(StepsPadded * Head));
        _weights = plan.Tape.Take(_heads * _decoder * StepsPadded);
        (_mean, _dmean) = (plan.Tape.Take(_decoder * StepsPadded), plan.Tape.Take(_decoder * StepsPadded));
        (_context, _dcontext) = (plan.Tape.Take(_decoder * Head), plan.Tape.Take(_decoder * Head));
        _packed = plan.Tape.Take(StepsPadded * _width);
    }

    private int Steps => _encoder + _decoder;

    private nint StepsPadded => Panels.Pad(Steps);

    /// <summary>Floats of one head's row, padded.</summary>
    private nint Head => Panels.Pad(_width);

    private nint QueryRow => _heads * Head;

    private float Scale => 1f / MathF.Sqrt(_width);

    public void Pack(float* prepared, TftWeights w)
    {
        _query.Pack(prepared, w["attention.query.weight"], default, Scale);
        _key.Pack(prepared, w["attention.key.weight"], default);
        _value.Pack(prepared, w["attention.value.weight"], default);
        _out.Pack(prepared, w["attention.out.weight"], default);
    }

    /// <summary>Attends, for one window.</summary>
    /// <param name="p">The pass.</param>
    /// <param name="x">[T, H padded]: enriched steps.</param>
    /// <param name="y">[D, H padded].</param>
    public void Forward(in Pass p, float* x, float* y)
    {
        nint width = _query.InWidth;
        float* q = p.Tape + _q, k = p.Tape + _k, v = p.Tape + _v, mean = p.Tape + _mean, context = p.Tape + _context;
        _query.Forward(p, x + (_encoder * width), width, _decoder, q, QueryRow);
        _key.Forward(p, x, width, Steps, k, QueryRow);
        _value.Forward(p, x, width, Steps, v, Head);
        for (var head = 0; head < _heads; head++)
        {
            var weights = p.Tape + _weights + (head * _decoder * StepsPadded);
            PackSteps(k + (head * Head), QueryRow, p.Tape + _packed);
            Scores(q + (head * Head), QueryRow, p.Tape + _packed, weights);
            Softmax.Forward(weights, StepsPadded, _decoder, _encoder + 1, 1, StepsPadded);
            Average(mean, weights, head);
        }

        Gemm.Multiply(mean, StepsPadded, _decoder, Steps, Panels.Rows(v, Head), (int)Head / Panels.Lanes, null, context, Head);
        _out.Forward(p, context, Head, _decoder, y, _out.OutWidth);
    }

    /// <summary>From dy to the gradient of the enriched steps, which is written to all T rows.</summary>
    public void Backward(in Pass p, float* dy, float* x, float* dx)
    {
        nint width = _query.InWidth;
        float* q = p.Tape + _q, k = p.Tape + _k, v = p.Tape + _v, mean = p.Tape + _mean, context = p.Tape + _context;
        float* dmean = p.Tape + _dmean, dcontext = p.Tape + _dcontext, dq = p.Tape + _dq, dk = p.Tape + _dk, dv = p.Tape + _dv;
        _out.BackwardWeights(p, dy, _out.OutWidth, context, Head, _decoder);
        _out.BackwardInput(p, dy, _out.OutWidth, _decoder, dcontext, Head, accumulate: false);
        PackSteps(v, Head, p.Tape + _packed);
        Scores(dcontext, Head, p.Tape + _packed, dmean);
        new Span<float>(dv, (int)(StepsPadded * Head)).Clear();
        new Span<float>(dk, (int)(StepsPadded * QueryRow)).Clear();
        var blocks = (int)StepsPadded / Panels.Lanes;
        GemmGradient.Accumulate(mean, StepsPadded, blocks, dcontext, Head, (int)Head / Panels.Lanes, _decoder, dv, Head);
        for (var head = 0; head < _heads; head++)
        {
            var weights = p.Tape + _weights + (head * _decoder * StepsPadded);
            Softmax.Backward(weights, dmean, weights, StepsPadded, _decoder, StepsPadded, 1f / _heads);
            Gemm.Multiply(weights, StepsPadded, _decoder, Steps, Panels.Rows(k + (head * Head), QueryRow), (int)Head / Panels.Lanes, null, dq + (head * Head), QueryRow);
            GemmGradient.Accumulate(weights, StepsPadded, blocks, q + (head * Head), QueryRow, (int)Head / Panels.Lanes, _decoder, dk + (head * Head), QueryRow);
        }

        var ahead = _encoder * width;
        _query.BackwardWeights(p, dq, QueryRow, x + ahead, width, _decoder);
        _key.BackwardWeights(p, dk, QueryRow, x, width, Steps);
        _value.BackwardWeights(p, dv, Head, x, width, Steps);
        _key.BackwardInput(p, dk, QueryRow, Steps, dx, width, accumulate: false);
        _value.BackwardInput(p, dv, Head, Steps, dx, width, accumulate: true);
        _query.BackwardInput(p, dq, QueryRow, _decoder, dx + ahead, width, accumulate: true);
    }

    public void Collect(float* gradient, TftWeights w, float[] g)
    {
        _query.Collect(gradient, w.In(g, "attention.query.weight"), default, Scale);
        _key.Collect(gradient, w.In(g, "attention.key.weight"), default);
        _value.Collect(gradient, w.In(g, "attention.value.weight"), default);
        _out.Collect(gradient, w.In(g, "attention.out.weight"), default);
    }

    /// <summary>Copies the weights of the last forward pass to [heads, D, T].</summary>
    public void CopyWeights(in Pass p, Span<float> destination)
    {
        for (var row = 0; row < _heads * _decoder; row++)
        {
            new ReadOnlySpan<float>(p.Tape + _weights + (row * StepsPadded), Steps).CopyTo(destination.Slice(row * Steps, Steps));
        }
    }

    /// <summary>[T, row] to columns: the steps become the columns of a packed matrix [width, T].</summary>
    private void PackSteps(float* source, nint row, float* packed)
    {
        for (var t = 0; t < Steps; t++)
        {
            var from = source + (t * row);
            var to = packed + ((nint)(t / 16) * 16 * _width) + (t % 16);
            for (var i = 0; i < _width; i++)
            {
                to[i * 16] = from[i];
            }
        }
    }

    /// <summary>scores[d, t] = a[d] . packed[:, t] for the steps that query d may see, and a few beyond.</summary>
    private void Scores(float* a, nint row, float* packed, float* scores)
    {
        const int Queries = 16;
        for (var d = 0; d < _decoder; d += Queries)
        {
            var rows = Math.Min(Queries, _decoder - d);
            var blocks = Panels.Pad(_encoder + d + rows) / Panels.Lanes;
            Gemm.Multiply(a + (d * row), row, rows, _width, Panels.Packed(packed, _width), blocks, null, scores + (d * StepsPadded), StepsPadded);
        }
    }

    private void Average(float* mean, float* weights, int head)
    {
        var size = _decoder * StepsPadded;
        if (head == 0)
        {
            new Span<float>(mean, (int)size).Clear();
        }

        if (head == _heads - 1)
        {
            VectorMath.AddScaled(mean, weights, size, 1f / _heads);
        }
        else
        {
            VectorMath.Add(mean, weights, size);
        }
    }
}
