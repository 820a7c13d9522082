using Tft.Contract.Metrics;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Fallback;

namespace Tft.Inference.Models;

/// <summary>One thread's part of forecasting a batch: it takes ready servers as long as there are any. Its buffers stay from batch to batch.</summary>
internal sealed class ModelWorker
{
    private readonly WindowForecaster _networks;
    private readonly WindowForecaster _base;
    private readonly float[] _series = new float[ForecastShape.Steps * ForecastShape.Quantiles];
    private readonly WindowColumns _columns = new();

    // which metric a column of a server was, until its forecast arrives
    private readonly Metric[] _metrics = new Metric[ForecastRunner.BatchSize * ForecastShape.Metrics];
    private ForecastBatch? _batch;

    public ModelWorker(LoadedNetworks networks)
    {
        _networks = new WindowForecaster(networks, (server, column, raw) => Receive(server, column, raw, hasNetworks: true));
        _base = WindowForecaster.OfBase(networks.Model, (server, column, raw) => Receive(server, column, raw, hasNetworks: false));
    }

    /// <summary>Takes a server of a batch; its forecast is complete after <see cref="Finish"/>.</summary>
    public void Forecast(ForecastBatch batch, int server)
    {
        Take(batch, server, WindowColumns.LeastMeasured);
        if (_columns.Values.Length == 0)
        {
            batch.Notes[server] = new ForecastNote(FallbackReasons.NothingMoves);
            return;
        }

        var rejected = batch.Followed[server]?.Rejected ?? default;
        var (networks, lost) = (default(MetricMask), default(MetricMask));
        foreach (var metric in _columns.Metrics)
            (networks, lost) = rejected.Has(metric) ? (networks, lost.With(metric)) : (networks.With(metric), lost);
        batch.Notes[server] = new ForecastNote(networks == default ? FallbackReasons.BetterHere : null, networks, lost);
        _networks.Forecast(server, _columns.Values, batch.Windows[server].LastStep);
    }

    /// <summary>Takes a server of a batch whose window is not one for the networks: the recipe's base forecasts it, complete at once.</summary>
    public void ForecastBase(ForecastBatch batch, int server, string reason)
    {
        Take(batch, server, WindowColumns.LeastMeasured / 2);
        batch.Notes[server] = new ForecastNote(_columns.Values.Length > 0 ? reason : FallbackReasons.NothingMoves);
        if (_columns.Values.Length > 0)
            _base.Forecast(server, _columns.Values, batch.Windows[server].LastStep);
        _base.Flush();
    }

    /// <summary>Forecasts what is left.</summary>
    public void Finish()
    {
        _networks.Flush();
        _batch = null;
    }

    /// <summary>Takes the columns that the recipe can forecast; the rules forecast the others.</summary>
    private void Take(ForecastBatch batch, int server, int leastMeasured)
    {
        _batch = batch;
        _columns.Take(batch.Values(server), leastMeasured);
        _columns.Metrics.CopyTo(_metrics.AsSpan(server * ForecastShape.Metrics));
        var quantiles = batch.Quantiles(server);
        foreach (var metric in MetricCatalog.All)
        {
            if (!_columns.Metrics.Contains(metric.Id))
                FallbackForecaster.Forecast(metric, batch.Values(server), batch.Windows[server], batch.Facts[server], quantiles);
        }
    }

    private void Receive(int server, int column, RawForecast raw, bool hasNetworks)
    {
        if (raw.Quantiles.ContainsAny(float.NaN, float.PositiveInfinity, float.NegativeInfinity))
            throw new InvalidOperationException($"A forecast of {_batch!.Facts[server].Name} is not finite.");
        var metric = MetricCatalog.Get(_metrics[(server * ForecastShape.Metrics) + column]);
        if (_batch!.Followed[server] is { } followed)
        {
            followed.Serve(metric.Id, raw, hasNetworks, _series);
        }
        else
        {
            for (var i = 0; i < _series.Length; i++)
                _series[i] = GridStep.Round(raw.Quantiles[i], raw.Grid);
        }

        var forecast = _batch.Quantiles(server);
        for (var step = 0; step < ForecastShape.Steps; step++)
        {
            var q = _series.AsSpan(step * ForecastShape.Quantiles, ForecastShape.Quantiles);
            ForecastShape.Write(forecast, step, metric, q[0], q[1], q[2]);
        }
    }
}
