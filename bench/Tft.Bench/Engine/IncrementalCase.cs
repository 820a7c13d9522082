using Tft.Forecasting.Engines;
using Tft.Forecasting.Network;

namespace Tft.Bench.Engine;

/// <summary>A fleet whose windows move by one step from forecast to forecast.</summary>
internal sealed class IncrementalCase : IDisposable
{
    private const int Moves = 8;

    private readonly List<WindowBatch> _batches = [];
    private readonly long[] _servers;
    private readonly float[] _quantiles, _scratch;
    private readonly IncrementalModel _model;
    private readonly EngineCase _case;
    private int _move;

    public IncrementalCase(EngineCase c, int servers, int threads)
    {
        _case = c;
        _servers = [.. Enumerable.Range(0, servers).Select(i => (long)i)];
        _model = new IncrementalModel(c.Weights(), threads, servers);
        _quantiles = new float[servers * c.Config.Decoder * c.Config.Metrics * c.Config.Quantiles.Length];
        _scratch = new float[_quantiles.Length];

        // one long random history for each server, cut at successive origins
        var history = c.Batch(2 * servers);
        for (var move = 0; move < Moves; move++)
        {
            _batches.Add(Cut(history, servers, move));
        }
    }

    public long BytesPerServer => _model.BytesPerServer;

    /// <summary>Forecasts all servers at the next origin; after the last one it goes back, step by step.</summary>
    public void Run()
    {
        var at = _move++ % (2 * (Moves - 1));
        at = at < Moves ? at : (2 * (Moves - 1)) - at;
        _model.Forecast(_batches[at], _servers, [.. _servers.Select(_ => 1000L + at)], _quantiles);
    }

    /// <summary>The largest difference from forecasts from scratch, over all origins.</summary>
    public double MaxError(int threads)
    {
        using var model = new ManagedEngine(threads).Load(_case.Weights());
        var worst = 0.0;
        for (var move = 0; move < 2 * Moves; move++)
        {
            var at = _move % (2 * (Moves - 1));
            Run();
            model.Forecast(_batches[at < Moves ? at : (2 * (Moves - 1)) - at], _scratch);
            for (var i = 0; i < _scratch.Length; i++)
            {
                worst = Math.Max(worst, Math.Abs(_scratch[i] - _quantiles[i]));
            }
        }

        return worst;
    }

    public void Dispose() => _model.Dispose();

    private WindowBatch Cut(WindowBatch history, int servers, int move)
    {
        var c = _case.Config;
        var batch = new WindowBatch(c, servers) { Count = servers };
        for (var s = 0; s < servers; s++)
        {
            for (var i = 0; i < c.StaticSizes.Length; i++)
            {
                batch.Static[(s * c.StaticSizes.Length) + i] = history.Static[(2 * s * c.StaticSizes.Length) + i];
            }

            Window(history.Known, batch.Known, s, c.Steps, c.Known, move);
            Window(history.Metrics, batch.Metrics, s, c.Encoder, c.Metrics, move);
            Window(history.Past, batch.Past, s, c.Encoder, c.Past, move);
            Window(history.Future, batch.Future, s, c.Decoder, c.Future, move);
            Window(history.Observed, batch.Observed, s, c.Encoder, c.ObservedSizes.Length, move);
        }

        return batch;
    }

    private static void Window<T>(T[] from, T[] to, int server, int steps, int columns, int move) =>
        from.AsSpan(((2 * server * steps) + move) * columns, steps * columns).CopyTo(to.AsSpan(server * steps * columns));
}
