using Tft.Contract.Metrics;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Fallback;

namespace Tft.Inference.Models;

/// <summary>One thread's part of forecasting a batch: it takes ready servers as long as there are any. Its buffers stay from batch to batch.</summary>
internal sealed class ModelWorker
{
    private readonly WindowForecaster _forecaster;
    private readonly WindowColumns _columns = new();

    // which metric a column of a server was, until its forecast arrives
    private readonly Metric[] _metrics = new Metric[ForecastRunner.BatchSize * ForecastShape.Metrics];
    private ForecastBatch? _batch;

    public ModelWorker(LoadedNetworks networks) => _forecaster = new WindowForecaster(networks, Receive);

    /// <summary>Takes a server of a batch; its forecast is complete after <see cref="Finish"/>.</summary>
    public void Forecast(ForecastBatch batch, int server)
    {
        _batch = batch;
        _columns.Take(batch.Values(server));
        _columns.Metrics.CopyTo(_metrics.AsSpan(server * ForecastShape.Metrics));
        var quantiles = batch.Quantiles(server);
        foreach (var metric in MetricCatalog.All)
        {
            if (!_columns.Metrics.Contains(metric.Id))
                FallbackForecaster.Forecast(metric, batch.Values(server), batch.Windows[server], batch.Facts[server], quantiles);
        }

        batch.Notes[server] = _columns.Values.Length > 0 ? ForecastNote.Tft : new ForecastNote(FallbackReasons.NothingMoves);
        if (_columns.Values.Length > 0)
            _forecaster.Forecast(server, _columns.Values, batch.Windows[server].LastStep);
    }

    /// <summary>Forecasts what is left.</summary>
    public void Finish()
    {
        _forecaster.Flush();
        _batch = null;
    }

    private void Receive(int server, int column, RawForecast raw)
    {
        if (raw.Quantiles.ContainsAny(float.NaN, float.PositiveInfinity, float.NegativeInfinity))
            throw new InvalidOperationException($"A forecast of {_batch!.Facts[server].Name} is not finite.");
        var metric = MetricCatalog.Get(_metrics[(server * ForecastShape.Metrics) + column]);
        var forecast = _batch!.Quantiles(server);
        for (var step = 0; step < ForecastShape.Steps; step++)
        {
            var q = raw.Quantiles.Slice(step * ForecastShape.Quantiles, ForecastShape.Quantiles);
            ForecastShape.Write(forecast, step, metric, GridStep.Round(q[0], raw.Grid), GridStep.Round(q[1], raw.Grid), GridStep.Round(q[2], raw.Grid));
        }
    }
}
