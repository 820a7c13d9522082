using System.Runtime.CompilerServices;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Network.Buffers;
using Tft.Forecasting.Network.Incremental;
using Tft.Forecasting.Network.Layers;

namespace Tft.Forecasting.Network;

/// <summary>
/// The Temporal Fusion Transformer (Lim et al., arXiv:1912.09363), forward and backward, for slices of a batch. Immutable but for <see cref="Pack"/>;
/// what a slice needs besides is in its <see cref="Pass"/>.
/// </summary>
internal sealed unsafe partial class TftNetwork
{
    /// <summary>Windows of a slice in training. A batch is always cut the same way, whatever the number of workers, so its gradient is the same to the bit.</summary>
    public const int SliceWindows = 4;

    private readonly Plan _plan;
    private readonly int _windows;
    private readonly InputRows _inputs;
    private readonly HistoryRecall _recall;
    private readonly StaticEncoder _statics;
    private readonly VariableSelection _history, _future;
    private readonly LstmLayer _historyLstm, _futureLstm;
    private readonly TemporalDecoder _decoder;
    private readonly nint _selected, _dselected, _hidden, _dhidden, _cell, _gates;
    private readonly FloatBlock _weights;

    /// <param name="config">The network's shape.</param>
    /// <param name="windows">The most windows of a slice.</param>
    /// <param name="learns">Whether there will be backward passes; without, curves are looked up in tables.</param>
    /// <exception cref="ArgumentException">The config is not the shape of a network.</exception>
    public TftNetwork(TftConfig config, int windows = SliceWindows, bool learns = true)
    {
        config.Validate();
        (_plan, _windows) = (new Plan(learns), windows);
        Config = config;
        var c = config;
        int widest = new[] { c.Hidden, c.HistoryVariables, c.FutureVariables, c.StaticSizes.Length }.Max();
        var scratch = new Scratch(_plan, Math.Max(c.Steps, windows), Panels.Pad(widest));
        _inputs = new InputRows(_plan, c, windows);
        _statics = new StaticEncoder(_plan, scratch, c, windows);
        _history = new VariableSelection(_plan, scratch, SelectionShape.History(c), windows, c.Encoder);
        _future = new VariableSelection(_plan, scratch, SelectionShape.Future(c), windows, c.Decoder);
        _recall = new HistoryRecall(_plan, c, _history);
        _historyLstm = new LstmLayer(_plan, "history_lstm", c.Hidden);
        _futureLstm = new LstmLayer(_plan, "future_lstm", c.Hidden);
        _decoder = new TemporalDecoder(_plan, scratch, c, windows);
        nint rows = (nint)windows * c.Steps * Width, states = (nint)windows * (c.Steps + 1) * Width;
        (_selected, _hidden, _cell) = (_plan.Tape.Take(rows), _plan.Tape.Take(states), _plan.Tape.Take(states));
        (_dselected, _dhidden, _gates) = learns ? (_plan.Tape.Take(rows), _plan.Tape.Take(rows), _plan.Tape.Take(4 * rows)) : default;
        _weights = new FloatBlock(_plan.Weights.Size);
    }

    public TftConfig Config { get; }

    /// <summary>Floats of a slice's gradient.</summary>
    public nint GradientSize => _plan.Gradient.Size;

    /// <summary>Prepared weights.</summary>
    public float* Weights => _weights.Pointer;

    private int Width => Panels.Pad(Config.Hidden);

    /// <summary>The most windows of a slice.</summary>
    public int Windows => _windows;

    /// <summary>The curves of a network that only forecasts, history first.</summary>
    public IEnumerable<VariableCurve> Curves => _history.Curves.Concat(_future.Curves);

    /// <summary>A worker's tape.</summary>
    public FloatBlock NewTape() => new(_plan.Tape.Size);

    /// <summary>Folds and packs weights for the kernels; to be called after each change of them, while no pass runs.</summary>
    public void Pack(TftWeights w)
    {
        var prepared = _weights.Pointer;
        var tape = _plan.Learns ? null : NewTape();
        var p = new Pass { Weights = prepared, Tape = tape is null ? null : tape.Pointer };
        _statics.Pack(prepared, w);
        _history.Pack(p, w);
        _future.Pack(p, w);
        _historyLstm.Pack(prepared, w);
        _futureLstm.Pack(prepared, w);
        _decoder.Pack(prepared, w);
        GC.KeepAlive(tape);
    }

    /// <summary>Forecasts windows [first, first + count) of a batch.</summary>
    /// <param name="p">The pass.</param>
    /// <param name="batch">Inputs, checked.</param>
    /// <param name="first">First window.</param>
    /// <param name="count">Windows, at most <see cref="Windows"/>.</param>
    /// <param name="quantiles">[B, D, M, Q] of the whole batch.</param>
    /// <param name="explanation">Of the whole batch, or null.</param>
    /// <param name="recall">Whose windows they are, to compute only their new steps; null computes all.</param>
    public void Forecast(in Pass p, WindowBatch batch, int first, int count, Span<float> quantiles, Explanation? explanation, Recall? recall = null)
    {
        Encode(p, batch, first, count, recall);
        int outputs = Config.Metrics * Config.Quantiles.Length, size = Config.Decoder * outputs;
        for (var b = 0; b < count; b++)
        {
            _decoder.Forward(p, b, Hidden(p, b), Selected(p, b));
            var destination = quantiles.Slice((first + b) * size, size);
            for (var d = 0; d < Config.Decoder; d++)
            {
                new ReadOnlySpan<float>(_decoder.Quantiles(p) + ((nint)d * _decoder.QuantileRow), outputs).CopyTo(destination[(d * outputs)..]);
            }

            if (Config.WideHead)
            {
                WideHead.Open(destination[..size]);
            }

            Explain(p, explanation, first + b, b);
        }
    }

    private void Encode(in Pass p, WindowBatch batch, int first, int count, Recall? recall = null)
    {
        var index = Pointer(batch.Static) + (first * Config.StaticSizes.Length);
        _statics.Forward(p, index, count);
        _history.Context.Forward(p, _statics.Selection(p), count);
        _future.Context.Forward(p, _statics.Selection(p), count);
        _decoder.Context.Forward(p, _statics.Enrichment(p), count);
        Span<SelectionInput> history = stackalloc SelectionInput[count], future = stackalloc SelectionInput[count];
        for (var b = 0; b < count; b++)
        {
            _inputs.Gather(p, batch, first + b, b);
            history[b] = _inputs.History(p, b, Observed(batch, first + b));
            future[b] = _inputs.Future(p, b);
            var state = (nint)b * (Config.Steps + 1) * Width;
            Copy(_statics.Hidden(p) + ((nint)b * Width), p.Tape + _hidden + state);
            Copy(_statics.Cell(p) + ((nint)b * Width), p.Tape + _cell + state);
        }

        var window = (nint)Config.Steps * Width;
        if (recall is null)
        {
            _history.Forward(p, history, Selected(p, 0), window);
        }
        else
        {
            RecallHistory(p, batch, first, history, recall);
        }

        _future.Forward(p, future, Selected(p, 0) + ((nint)Config.Encoder * Width), window);
        var sequences = Sequences(p);
        _historyLstm.Forward(p, sequences, count, 0, Config.Encoder);
        _futureLstm.Forward(p, sequences, count, Config.Encoder, Config.Steps);
    }

    private void RecallHistory(in Pass p, WindowBatch batch, int first, ReadOnlySpan<SelectionInput> history, Recall recall)
    {
        for (var b = 0; b < history.Length; b++)
        {
            if (recall.Memory.Rent(recall.Servers[first + b]) is not { } entry)
            {
                _history.Select(p, history[b], b, Config.Encoder, Selected(p, b));
                continue;
            }

            var s = Config.StaticSizes.Length;
            var computed = _recall.Select(p, history[b], b, batch.Static.AsSpan((first + b) * s, s), entry, recall.Origins[first + b], Selected(p, b));
            recall.Memory.Release(entry, computed);
        }
    }

    // a linear head's gradient does not depend on its output, a wide one's can be told from the quantile: the output may be changed in place
    private void AddOffsets(in Pass p, WindowBatch batch, int window)
    {
        var outputs = Config.Metrics * Config.Quantiles.Length;
        for (var d = 0; d < Config.Decoder; d++)
        {
            var row = new Span<float>(_decoder.Quantiles(p) + ((nint)d * _decoder.QuantileRow), outputs);
            if (Config.WideHead)
            {
                WideHead.Open(row);
            }

            var offset = Offsets(batch, window, d);
            for (var i = 0; i < offset.Length; i++)
            {
                row[i] += offset[i];
            }
        }
    }

    private ReadOnlySpan<float> Offsets(WindowBatch batch, int window, int lead)
    {
        var outputs = Config.Metrics * Config.Quantiles.Length;
        return batch.Offsets.Length < batch.Count * Config.Decoder * outputs ? [] : batch.Offsets.AsSpan(((window * Config.Decoder) + lead) * outputs, outputs);
    }

    private void Explain(in Pass p, Explanation? explanation, int window, int slot)
    {
        if (explanation is null)
        {
            return;
        }

        var c = Config;
        int history = c.Encoder * c.HistoryVariables, future = c.Decoder * c.FutureVariables, attention = c.Heads * c.Decoder * c.Steps, s = c.StaticSizes.Length;
        _statics.CopyWeights(p, slot, explanation.StaticWeights.AsSpan(window * s, s));
        _history.CopyWeights(p, slot, explanation.HistoryWeights.AsSpan(window * history, history));
        _future.CopyWeights(p, slot, explanation.FutureWeights.AsSpan(window * future, future));
        _decoder.CopyAttention(p, explanation.Attention.AsSpan(window * attention, attention));
    }

    private LstmSequences Sequences(in Pass p) => new()
    {
        Steps = Config.Steps,
        Input = p.Tape + _selected,
        Hidden = p.Tape + _hidden,
        Cell = p.Tape + _cell,
        Gates = p.Gradient is null ? null : p.Tape + _gates,
    };

    private float* Selected(in Pass p, int window) => At(p, _selected, window);

    private float* At(in Pass p, nint rows, int window) => p.Tape + rows + ((nint)window * Config.Steps * Width);

    /// <summary>The states after each step.</summary>
    private float* Hidden(in Pass p, int window) => p.Tape + _hidden + ((((nint)window * (Config.Steps + 1)) + 1) * Width);

    private int* Observed(WindowBatch batch, int window) => Pointer(batch.Observed) + ((nint)window * Config.Encoder * Config.ObservedSizes.Length);

    private void Copy(float* from, float* to) => new ReadOnlySpan<float>(from, Width).CopyTo(new Span<float>(to, Width));

    // the batch's arrays are pinned
    private static int* Pointer(int[] pinned) => (int*)Unsafe.AsPointer(ref pinned[0]);
}
