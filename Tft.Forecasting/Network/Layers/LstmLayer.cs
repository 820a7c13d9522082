using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Forecasting.Network.Layers;

/// <summary>One of the two LSTMs of the locality layer, paper section 4.5.1: over the past, or on from there over the steps ahead.</summary>
internal sealed unsafe class LstmLayer
{
    private readonly Linear _input, _hidden;
    private readonly nint _packed, _bias;
    private readonly string _name;
    private readonly int _h;

    /// <param name="plan">Where the places are taken.</param>
    /// <param name="name">Prefix of its weights.</param>
    /// <param name="hidden">H.</param>
    public LstmLayer(Plan plan, string name, int hidden)
    {
        (_name, _h) = (name, hidden);
        _input = new Linear(plan, Columns.Gates(hidden), Columns.Groups(1, hidden));
        _hidden = new Linear(plan, Columns.Gates(hidden), Columns.Groups(1, hidden));
        _packed = plan.Weights.Take((nint)2 * hidden * 4 * Width);
        _bias = plan.Weights.Take((nint)4 * Width);
    }

    private int Width => Panels.Pad(_h);

    private int Blocks => Width / Panels.Lanes;

    public void Pack(float* prepared, TftWeights w)
    {
        ReadOnlySpan<float> ih = w[_name + ".weight_ih_l0"], hh = w[_name + ".weight_hh_l0"];
        ReadOnlySpan<float> bi = w[_name + ".bias_ih_l0"], bh = w[_name + ".bias_hh_l0"];
        _input.Pack(prepared, ih, default);
        _hidden.Pack(prepared, hh, default);
        var columns = Columns.Gates(_h);
        for (var o = 0; o < 4 * _h; o++)
        {
            prepared[_bias + columns[o]] = bi[o] + bh[o];
            var to = prepared + _packed + ((nint)(columns[o] / 64) * 2 * _h * 64) + (columns[o] % 64);
            for (var i = 0; i < _h; i++)
            {
                to[i * 64] = ih[(o * _h) + i];
                to[(_h + i) * 64] = hh[(o * _h) + i];
            }
        }
    }

    /// <summary>Runs steps [from, to) of all windows.</summary>
    /// <param name="p">The pass.</param>
    /// <param name="s">Sequences.</param>
    /// <param name="windows">Windows.</param>
    /// <param name="from">First step.</param>
    /// <param name="to">Step after the last.</param>
    public void Forward(in Pass p, in LstmSequences s, int windows, int from, int to)
    {
        for (var t = from; t < to; t++)
        {
            LstmCell.Forward(
                new LstmRows
                {
                    Input = s.Input + ((nint)t * Width),
                    InputRow = s.Steps * (nint)Width,
                    InputWidth = _h,
                    Hidden = s.Hidden + ((nint)t * Width),
                    NextHidden = s.Hidden + ((nint)(t + 1) * Width),
                    HiddenRow = (s.Steps + 1) * (nint)Width,
                    HiddenWidth = _h,
                    Cell = s.Cell + ((nint)t * Width),
                    NextCell = s.Cell + ((nint)(t + 1) * Width),
                    CellRow = (s.Steps + 1) * (nint)Width,
                    Gates = s.Gates is null ? null : s.Gates + ((nint)t * 4 * Width),
                    GatesRow = s.Steps * 4 * (nint)Width,
                },
                windows, Blocks, p.Weights + _packed, p.Weights + _bias);
        }
    }

    /// <summary>Back through steps [from, to) in time; the gates become their gradients.</summary>
    /// <param name="p">The pass.</param>
    /// <param name="s">Sequences of the forward pass.</param>
    /// <param name="windows">Windows.</param>
    /// <param name="from">First step.</param>
    /// <param name="to">Step after the last.</param>
    /// <param name="doutput">[windows, T, H padded]: gradient of the hidden states from above.</param>
    /// <param name="dh">[windows, H padded]: gradient of the last hidden state from what comes after it; becomes that of the first one.</param>
    /// <param name="dc">[windows, H padded]: likewise for the cell.</param>
    /// <param name="dinput">[windows, T, H padded], added to.</param>
    public void Backward(in Pass p, in LstmSequences s, int windows, int from, int to, float* doutput, float* dh, float* dc, float* dinput)
    {
        nint width = Width, outputRow = s.Steps * width, stateRow = (s.Steps + 1) * width, gatesRow = 4 * outputRow;
        for (var t = to - 1; t >= from; t--)
        {
            for (var b = 0; b < windows; b++)
            {
                VectorMath.Add(dh + (b * width), doutput + (b * outputRow) + (t * width), width);
            }

            var gates = s.Gates + (t * 4 * width);
            LstmCell.Backward(dh, width, dc, gates, gatesRow, s.Cell + (t * width), s.Cell + ((t + 1) * width), stateRow, windows, Blocks);
            _hidden.BackwardInput(p, gates, gatesRow, windows, dh, width, accumulate: false);
        }

        for (var b = 0; b < windows; b++)
        {
            var gates = s.Gates + (b * gatesRow) + (from * 4 * width);
            var input = (b * outputRow) + (from * width);
            ColumnSum.Accumulate(gates, 4 * width, to - from, 4 * Blocks, _input.BiasGradient(p));
            _input.BackwardWeights(p, gates, 4 * width, s.Input + input, width, to - from);
            _hidden.BackwardWeights(p, gates, 4 * width, s.Hidden + (b * stateRow) + (from * width), width, to - from);
            _input.BackwardInput(p, gates, 4 * width, to - from, dinput + input, width, accumulate: true);
        }
    }

    public void Collect(float* gradient, TftWeights w, float[] g)
    {
        _input.Collect(gradient, w.In(g, _name + ".weight_ih_l0"), w.In(g, _name + ".bias_ih_l0"));
        _hidden.Collect(gradient, w.In(g, _name + ".weight_hh_l0"), default);

        // both biases are summed before use, so both have the same gradient
        var dbh = w.In(g, _name + ".bias_hh_l0");
        var sums = new float[dbh.Length];
        _input.Collect(gradient, new float[w[_name + ".weight_ih_l0"].Length], sums);
        for (var i = 0; i < sums.Length; i++)
        {
            dbh[i] += sums[i];
        }
    }
}
