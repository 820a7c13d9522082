using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Vectors;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Forecasting.Network;

/// <summary>
/// A network at work on whole batches: slices of <see cref="TftNetwork.SliceWindows"/> windows are shared out to threads, their gradients summed in the order of
/// the slices. The result is the same to the bit for any number of threads.
/// </summary>
internal sealed unsafe class SlicedNetwork : IDisposable
{
    private const int ReduceFloats = 16384;

    private readonly TftNetwork _network;
    private readonly WorkerTeam _team;
    private readonly FloatBlock[] _tapes;
    private readonly List<FloatBlock> _gradients = [];
    private readonly Action<int, int> _learnSlice, _reduceRange, _forecastSlice;
    private double[] _losses = [];
    private (WindowBatch Batch, float Scale, ulong Seed, int Slices) _step;
    private (WindowBatch Batch, Memory<float> Quantiles, Explanation? Explanation) _forecast;

    public SlicedNetwork(TftConfig config, int threads)
    {
        _network = new TftNetwork(config);
        _team = new WorkerTeam(threads);
        _tapes = [.. Enumerable.Range(0, threads).Select(_ => _network.NewTape())];
        (_learnSlice, _reduceRange, _forecastSlice) = (LearnSlice, ReduceRange, ForecastSlice);
    }

    public TftConfig Config => _network.Config;

    /// <summary>Takes over weights; to be called after each change of them.</summary>
    public void Pack(TftWeights weights) => _network.Pack(weights);

    /// <summary>Forecasts a batch without dropout.</summary>
    /// <param name="batch">Inputs, checked.</param>
    /// <param name="quantiles">[B, D, M, Q].</param>
    /// <param name="explanation">Receives weights and attention, or null.</param>
    public void Forecast(WindowBatch batch, Memory<float> quantiles, Explanation? explanation = null)
    {
        _forecast = (batch, quantiles, explanation);
        _team.Run(Slices(batch), _forecastSlice);
        _forecast = default;
    }

    /// <summary>The loss of a batch, and its gradient.</summary>
    /// <param name="batch">Inputs and targets, checked; at least one target must be seen.</param>
    /// <param name="weights">The weights that were packed.</param>
    /// <param name="gradient">In the layout of the weights; overwritten.</param>
    /// <param name="seed">Names the dropout masks.</param>
    public double Learn(WindowBatch batch, TftWeights weights, float[] gradient, ulong seed)
    {
        var targets = batch.Count * Config.Decoder * Config.Metrics;
        var norm = QuantileLoss.SeenWeight(batch.Targets.AsSpan(0, targets), batch.TargetWeights.AsSpan(0, targets)) * Config.Quantiles.Length;
        if (norm <= 0.0)
        {
            Array.Clear(gradient);
            return 0.0;
        }

        var slices = Slices(batch);
        while (_gradients.Count < slices)
        {
            _gradients.Add(new FloatBlock(_network.GradientSize));
        }

        if (_losses.Length < slices)
        {
            _losses = new double[slices];
        }

        _step = (batch, (float)(1.0 / norm), seed, slices);
        _team.Run(slices, _learnSlice);
        _team.Run((int)((_network.GradientSize + ReduceFloats - 1) / ReduceFloats), _reduceRange);
        _step = default;
        Array.Clear(gradient);
        _network.Collect(_gradients[0].Pointer, weights, gradient);
        var loss = 0.0;
        for (var s = 0; s < slices; s++)
        {
            loss += _losses[s];
        }

        return loss / norm;
    }

    public void Dispose() => _team.Dispose();

    private static int Slices(WindowBatch batch) => (batch.Count + TftNetwork.SliceWindows - 1) / TftNetwork.SliceWindows;

    private void LearnSlice(int worker, int slice)
    {
        var (batch, scale, seed, _) = _step;
        var gradient = _gradients[slice];
        gradient.Span.Clear();
        var dropout = Config.Dropout;
        var pass = new Pass
        {
            Weights = _network.Weights,
            Tape = _tapes[worker].Pointer,
            Gradient = gradient.Pointer,
            Seed = Counter.At(seed, (ulong)slice),
            Threshold = (uint)(dropout * 4294967296.0),
            Keep = 1f / (1f - dropout),
        };
        var first = slice * TftNetwork.SliceWindows;
        _losses[slice] = _network.Learn(pass, batch, first, Math.Min(TftNetwork.SliceWindows, batch.Count - first), scale);
    }

    private void ReduceRange(int worker, int range)
    {
        var first = (nint)range * ReduceFloats;
        var length = Math.Min(ReduceFloats, _network.GradientSize - first);
        for (var s = 1; s < _step.Slices; s++)
        {
            VectorMath.Add(_gradients[0].Pointer + first, _gradients[s].Pointer + first, length);
        }
    }

    private void ForecastSlice(int worker, int slice)
    {
        var (batch, quantiles, explanation) = _forecast;
        var pass = new Pass { Weights = _network.Weights, Tape = _tapes[worker].Pointer };
        var first = slice * TftNetwork.SliceWindows;
        _network.Forecast(pass, batch, first, Math.Min(TftNetwork.SliceWindows, batch.Count - first), quantiles.Span, explanation);
    }
}
