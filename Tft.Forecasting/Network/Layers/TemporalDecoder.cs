using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Forecasting.Network.Layers;

/// <summary>Everything after the LSTMs, for one window: gate, static enrichment, attention, position-wise feed-forward, quantile head (paper sections 4.5.1 to 4.6).</summary>
internal sealed unsafe class TemporalDecoder
{
    private readonly TftConfig _c;
    private readonly GateAddNorm _lstmGate, _attentionGate, _outputGate;
    private readonly GatedResidual _enrichment, _feedForward;
    private readonly InterpretableAttention _attention;
    private readonly Linear _head;
    private readonly nint _temporal, _enriched, _attended, _gated, _fed, _out, _quantiles;
    private readonly nint _dtemporal, _denriched, _dfirst, _dsecond, _dquantiles;
    private readonly Scratch _scratch;

    public TemporalDecoder(Plan plan, Scratch scratch, TftConfig c, int windows)
    {
        (_c, _scratch) = (c, scratch);
        var own = Columns.Groups(1, c.Hidden);
        _lstmGate = new GateAddNorm(plan, c.Hidden, c.Hidden, c.Steps);
        _enrichment = new GatedResidual(plan, scratch, "enrichment", own, c.Hidden, c.Hidden, c.Steps, skip: false);
        Context = new ContextMap(plan, c.Hidden, windows);
        _attention = new InterpretableAttention(plan, c);
        _attentionGate = new GateAddNorm(plan, c.Hidden, c.Hidden, c.Decoder);
        _feedForward = new GatedResidual(plan, scratch, "feed_forward", own, c.Hidden, c.Hidden, c.Decoder, skip: false);
        _outputGate = new GateAddNorm(plan, c.Hidden, c.Hidden, c.Decoder);
        _head = new Linear(plan, Columns.Groups(1, c.Metrics * c.Quantiles.Length), own);
        nint all = (nint)c.Steps * Width, ahead = (nint)c.Decoder * Width, outputs = (nint)c.Decoder * _head.OutWidth;
        (_temporal, _enriched) = (plan.Tape.Take(all), plan.Tape.Take(all));
        (_attended, _gated, _fed, _out) = (plan.Tape.Take(ahead), plan.Tape.Take(ahead), plan.Tape.Take(ahead), plan.Tape.Take(ahead));
        (_dtemporal, _denriched) = (plan.Tape.Take(all), plan.Tape.Take(all));
        (_dfirst, _dsecond) = (plan.Tape.Take(ahead), plan.Tape.Take(ahead));
        (_quantiles, _dquantiles) = (plan.Tape.Take(outputs), plan.Tape.Take(outputs));
        AttentionSite = plan.NextSite();
    }

    /// <summary>The static enrichment's context.</summary>
    public ContextMap Context { get; }

    private ulong AttentionSite { get; }

    private int Width => Panels.Pad(_c.Hidden);

    private int Blocks => Width / Panels.Lanes;

    /// <summary>Floats of a row of quantiles: M Q padded.</summary>
    public int QuantileRow => _head.OutWidth;

    /// <summary>[D, QuantileRow] after the forward pass.</summary>
    public float* Quantiles(in Pass p) => p.Tape + _quantiles;

    /// <summary>[D, QuantileRow], to be written before the backward pass.</summary>
    public float* QuantileGradient(in Pass p) => p.Tape + _dquantiles;

    public void Pack(float* prepared, TftWeights w)
    {
        _lstmGate.Pack(prepared, w["lstm_glu.linear.weight"], w["lstm_glu.linear.bias"], w["lstm_norm.weight"], w["lstm_norm.bias"]);
        _enrichment.Pack(prepared, w);
        Context.Pack(prepared, w["enrichment.context.weight"], w["enrichment.fc1.bias"]);
        _attention.Pack(prepared, w);
        _attentionGate.Pack(prepared, w["attention_glu.linear.weight"], w["attention_glu.linear.bias"], w["attention_norm.weight"], w["attention_norm.bias"]);
        _feedForward.Pack(prepared, w);
        _outputGate.Pack(prepared, w["output_glu.linear.weight"], w["output_glu.linear.bias"], w["output_norm.weight"], w["output_norm.bias"]);
        _head.Pack(prepared, w["head.weight"], w["head.bias"]);
    }

    /// <summary>Leaves the window's quantiles in <see cref="Quantiles"/>.</summary>
    /// <param name="p">The pass.</param>
    /// <param name="window">Its place in the slice.</param>
    /// <param name="hidden">[T, H padded]: the LSTMs' output.</param>
    /// <param name="selected">[T, H padded]: their input.</param>
    public void Forward(in Pass p, int window, float* hidden, float* selected)
    {
        float* temporal = p.Tape + _temporal, enriched = p.Tape + _enriched, attended = p.Tape + _attended;
        float* gated = p.Tape + _gated, fed = p.Tape + _fed, output = p.Tape + _out;
        var ahead = (nint)_c.Encoder * Width;

        _lstmGate.Forward(p, hidden, Width, _c.Steps, selected, temporal);
        _enrichment.Forward(p, temporal, _c.Steps, Context.Row(p, window), window, enriched);
        _attention.Forward(p, enriched, attended);
        p.Drop(attended, _c.Decoder, Blocks, AttentionSite, window);
        _attentionGate.Forward(p, attended, Width, _c.Decoder, enriched + ahead, gated);
        _feedForward.Forward(p, gated, _c.Decoder, null, window, fed);
        _outputGate.Forward(p, fed, Width, _c.Decoder, temporal + ahead, output);
        _head.Forward(p, output, Width, _c.Decoder, Quantiles(p), QuantileRow);
    }

    /// <summary>From <see cref="QuantileGradient"/> to the gradients of the LSTMs' output and input.</summary>
    /// <param name="p">The pass.</param>
    /// <param name="window">Its place in the slice.</param>
    /// <param name="hidden">As in the forward pass.</param>
    /// <param name="dhidden">[T, H padded], written.</param>
    /// <param name="dselected">[T, H padded], written.</param>
    public void Backward(in Pass p, int window, float* hidden, float* dhidden, float* dselected)
    {
        float* first = p.Tape + _dfirst, second = p.Tape + _dsecond, denriched = p.Tape + _denriched, dtemporal = p.Tape + _dtemporal;
        float* dquantiles = QuantileGradient(p), both = _scratch.Both(p);
        nint ahead = (nint)_c.Encoder * Width, size = (nint)_c.Decoder * Width;

        ColumnSum.Accumulate(dquantiles, QuantileRow, _c.Decoder, _head.OutBlocks, _head.BiasGradient(p));
        _head.BackwardWeights(p, dquantiles, QuantileRow, p.Tape + _out, Width, _c.Decoder);
        _head.BackwardInput(p, dquantiles, QuantileRow, _c.Decoder, first, Width, accumulate: false);

        // `first` keeps the residual's gradient for the temporal rows until their own is there
        _outputGate.Backward(p, first, p.Tape + _fed, Width, _c.Decoder, second, first, both);
        _feedForward.Backward(p, second, p.Tape + _gated, _c.Decoder, null, window, dtemporal);
        _attentionGate.Backward(p, dtemporal, p.Tape + _attended, Width, _c.Decoder, second, dtemporal, both);
        p.Drop(second, _c.Decoder, Blocks, AttentionSite, window);
        _attention.Backward(p, second, p.Tape + _enriched, denriched);
        VectorMath.Add(denriched + ahead, dtemporal, size);
        _enrichment.Backward(p, denriched, p.Tape + _temporal, _c.Steps, Context.RowGradient(p, window), window, dtemporal);
        VectorMath.Add(dtemporal + ahead, first, size);
        _lstmGate.Backward(p, dtemporal, hidden, Width, _c.Steps, dhidden, dselected, both);
    }

    public void Collect(float* gradient, TftWeights w, float[] g)
    {
        Collect(_lstmGate, gradient, w, g, "lstm_glu.linear", "lstm_norm");
        _enrichment.Collect(gradient, w, g);
        Context.Collect(gradient, w.In(g, "enrichment.context.weight"), w.In(g, "enrichment.fc1.bias"));
        _attention.Collect(gradient, w, g);
        Collect(_attentionGate, gradient, w, g, "attention_glu.linear", "attention_norm");
        _feedForward.Collect(gradient, w, g);
        Collect(_outputGate, gradient, w, g, "output_glu.linear", "output_norm");
        _head.Collect(gradient, w.In(g, "head.weight"), w.In(g, "head.bias"));
    }

    /// <summary>Copies the attention weights of the last forward pass to [heads, D, T].</summary>
    public void CopyAttention(in Pass p, Span<float> destination) => _attention.CopyWeights(p, destination);

    private static void Collect(GateAddNorm gate, float* gradient, TftWeights w, float[] g, string linear, string norm) => gate.Collect(
        gradient, w.In(g, linear + ".weight"), w.In(g, linear + ".bias"), w.In(g, norm + ".weight"), w.In(g, norm + ".bias"));
}
