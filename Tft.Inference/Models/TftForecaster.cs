using Tft.Contract.Messages;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Fallback;

namespace Tft.Inference.Models;

/// <summary>
/// Servers that are ready go through the model, the others through the fallback, which says why. Without a model all do. Workers take the
/// servers of a batch one by one.
/// </summary>
internal sealed class TftForecaster(ModelStore store, ModelOptions options, ForecastThreads threads) : IForecaster
{
    private readonly FallbackForecaster _fallback = new();
    private readonly ParallelOptions _parallel = new() { MaxDegreeOfParallelism = options.Workers, TaskScheduler = threads };
    private readonly int[] _ready = new int[ForecastRunner.BatchSize];
    private ServedModel? _model;
    private ModelWorker[] _workers = [];

    public ModelInfo Model => store.Current?.Info ?? _fallback.Model;

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
            _workers = [.. Enumerable.Range(0, options.Workers).Select(_ => new ModelWorker(model.Networks))];
            _model = model;
        }

        var ready = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            if (FallbackForecaster.ReasonOf(batch.Windows[i]) is not { } reason)
            {
                _ready[ready++] = i;
                continue;
            }

            batch.Notes[i] = new ForecastNote(reason);
            FallbackForecaster.Forecast(batch.Values(i), batch.Windows[i], batch.Facts[i], batch.Quantiles(i));
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
        catch
        {
            // a worker that failed holds windows of this batch; the next batch begins with new ones
            _model = null;
            throw;
        }
    }
}
