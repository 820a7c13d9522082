using Tft.Contract.Messages;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Fallback;
using Tft.Inference.State;

namespace Tft.Inference.Models;

/// <summary>
/// Servers that are ready go through the model, the others through the fallback, which says why. Without a model all do. Workers take the
/// servers of a batch one by one.
/// </summary>
internal sealed partial class TftForecaster(ModelStore store, ModelOptions options, ForecastThreads threads, ILogger<TftForecaster> logger, StateSelection? states = null) : IForecaster
{
    private readonly FallbackForecaster _fallback = new();
    private readonly ParallelOptions _parallel = new() { MaxDegreeOfParallelism = options.Workers, TaskScheduler = threads };
    private readonly int[] _ready = new int[options.Servers];
    private ServedModel? _model;
    private ModelWorker[] _workers = [];

    public ModelInfo Model => store.Current?.Info ?? _fallback.Model;

    public int BatchSize => options.Servers;

    public void Forecast(ForecastBatch batch)
    {
        var model = store.Current;
        if (model is null)
        {
            _fallback.Forecast(batch);
            return;
        }

        if (!ReferenceEquals(model, _model))
        {
            _workers = [.. Enumerable.Range(0, options.Workers).Select(_ => new ModelWorker(model, states, options.Servers, options.Windows))];
            _model = model;
        }

        var ready = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            switch (FallbackForecaster.ReasonOf(batch.Windows[i]))
            {
                case null:
                    _ready[ready++] = i;
                    states?.See(batch.Servers[i], batch.Windows[i].LastStep);
                    break;
                case FallbackReasons.SparseWindow:
                    // a day is known, with holes: enough for the base
                    _workers[0].ForecastBase(batch, i, FallbackReasons.SparseWindow);
                    break;
                case var reason:
                    batch.Notes[i] = new ForecastNote(reason);
                    FallbackForecaster.Forecast(batch.Values(i), batch.Windows[i], batch.Facts[i], batch.Quantiles(i));
                    break;
            }
        }

        try
        {
            var next = -1;
            Parallel.For(0, Math.Min(_workers.Length, ready), _parallel, worker =>
            {
                while (Interlocked.Increment(ref next) is var i && i < ready)
                    _workers[worker].Forecast(batch, _ready[i]);
                _workers[worker].Finish();
            });
        }
        catch (Exception e)
        {
            // a worker that failed holds windows of this batch; the next batch begins with new ones
            _model = null;
            LogNetworksFailed(e, ready);
            for (var i = 0; i < ready; i++)
            {
                batch.Followed[_ready[i]]?.Withdraw();
                _workers[0].ForecastBase(batch, _ready[i], FallbackReasons.EngineFailed);
            }
        }
    }

    [LoggerMessage(EventId = 3110, Level = LogLevel.Error, Message = "The networks failed on a batch of {Servers} servers; the base forecasts them")]
    private partial void LogNetworksFailed(Exception error, int servers);
}
