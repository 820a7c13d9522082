using System.Collections.Concurrent;
using Tft.Forecasting.Network;
using Tft.Forecasting.Network.Buffers;
using Tft.Forecasting.Network.Incremental;

namespace Tft.Forecasting.Engines;

/// <summary>
/// Forecasts by <see cref="TftNetwork"/> without a backward pass. A call uses all threads if no other call does, else its own alone; either way it allocates
/// nothing once there is a tape for each thread that ever called.
/// </summary>
internal sealed unsafe class ManagedModel : IForecastModel
{
    private readonly TftNetwork _network;
    private readonly WorkerTeam _team;
    private readonly FloatBlock[] _tapes;
    private readonly ConcurrentBag<FloatBlock> _spare = [];
    private readonly Action<int, int> _forecastSlice;
    private readonly Lock _gate = new();
    private WindowBatch? _batch;
    private Explanation? _explanation;
    private Recall? _recall;
    private float* _quantiles;
    private int _slice;
    private bool _disposed;

    public ManagedModel(TftWeights weights, int threads)
    {
        // beyond some windows a slice no longer fits the cache; below, the LSTM's weights are read too often
        _network = new TftNetwork(weights.Config, weights.Config.Hidden <= 64 ? 16 : 8, learns: false);
        _network.Pack(weights);
        _team = new WorkerTeam(threads);
        _tapes = [.. Enumerable.Range(0, threads).Select(_ => _network.NewTape())];
        _forecastSlice = ForecastSlice;
    }

    public TftConfig Config => _network.Config;

    /// <summary>The largest error of the tables that stand for the variables' own networks, whose outputs are of the size of 1.</summary>
    public float TableError => _network.Curves.Max(c => c.Error);

    public void Forecast(WindowBatch batch, Span<float> quantiles, Explanation? explanation = null) => Forecast(batch, quantiles, explanation, null);

    /// <summary>As <see cref="IForecastModel.Forecast"/>; steps that <paramref name="recall"/> remembers are not computed again.</summary>
    public void Forecast(WindowBatch batch, Span<float> quantiles, Explanation? explanation, Recall? recall)
    {
        batch.Check(Config);
        var size = Config.Decoder * Config.Metrics * Config.Quantiles.Length;
        if (quantiles.Length < batch.Count * size)
        {
            throw new ArgumentException($"quantiles has room for {quantiles.Length} numbers; {batch.Count} windows have {batch.Count * size}", nameof(quantiles));
        }

        if (_gate.TryEnter())
        {
            try
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                fixed (float* to = quantiles)
                {
                    Share(batch, to, explanation, recall);
                }
            }
            finally
            {
                _gate.Exit();
            }
        }
        else
        {
            Alone(batch, quantiles, explanation, recall);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _team.Dispose();
            }
        }
    }

    private void Share(WindowBatch batch, float* quantiles, Explanation? explanation, Recall? recall)
    {
        _slice = Math.Min(_network.Windows, (batch.Count + _team.Workers - 1) / _team.Workers);
        (_batch, _explanation, _recall) = (batch, explanation, recall);
        _quantiles = quantiles;
        try
        {
            _team.Run((batch.Count + _slice - 1) / _slice, _forecastSlice);
        }
        finally
        {
            (_batch, _explanation, _recall) = (null, null, null);
        }
    }

    private void ForecastSlice(int worker, int slice)
    {
        var first = slice * _slice;
        var size = _batch!.Count * Config.Decoder * Config.Metrics * Config.Quantiles.Length;
        _network.Forecast(PassOn(_tapes[worker]), _batch, first, Math.Min(_slice, _batch.Count - first), new Span<float>(_quantiles, size), _explanation, _recall);
    }

    private void Alone(WindowBatch batch, Span<float> quantiles, Explanation? explanation, Recall? recall)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var tape = _spare.TryTake(out var spare) ? spare : _network.NewTape();
        for (var first = 0; first < batch.Count; first += _network.Windows)
        {
            _network.Forecast(PassOn(tape), batch, first, Math.Min(_network.Windows, batch.Count - first), quantiles, explanation, recall);
        }

        _spare.Add(tape);
    }

    private Pass PassOn(FloatBlock tape) => new() { Weights = _network.Weights, Tape = tape.Pointer };
}
