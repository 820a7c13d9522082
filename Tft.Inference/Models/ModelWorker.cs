using Tft.Contract.Metrics;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe.Tables;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Fallback;
using Tft.Inference.State;

namespace Tft.Inference.Models;

/// <summary>One thread's part of forecasting a batch: it takes ready servers as long as there are any. Its buffers stay from batch to batch.</summary>
internal sealed class ModelWorker
{
    private readonly WindowForecaster _networks;
    private readonly WindowForecaster _base;
    private readonly float[] _series = new float[ForecastShape.Steps * ForecastShape.Quantiles];
    private readonly WindowColumns _columns = new();

    // which metric a column of a server was, until its forecast arrives
    private readonly Metric[] _metrics;
    private ForecastBatch? _batch;

    // which metrics of a server the window moves in: what a state knows beyond that is not published
    private readonly ushort[] _moving;
    private readonly ServedModel _model;
    private readonly StateSelection? _states;

    /// <param name="model">The model.</param>
    /// <param name="states">States of servers by number; without them each is forecast from its window alone.</param>
    /// <param name="servers">The most servers of a batch.</param>
    /// <param name="windows">Windows that a network is given at once.</param>
    public ModelWorker(ServedModel model, StateSelection? states, int servers = ForecastBatch.UsualCapacity, int windows = ModelOptions.UsualWindows)
    {
        (_model, _states) = (model, states);
        (_metrics, _moving) = (new Metric[servers * ForecastShape.Metrics], new ushort[servers]);
        _networks = new WindowForecaster(model.Networks, (server, column, raw) => Receive(server, column, raw, hasNetworks: true), windows);
        _base = WindowForecaster.OfBase(model.Networks.Model, (server, column, raw) => Receive(server, column, raw, hasNetworks: false));
    }

    /// <summary>Takes a server of a batch; its forecast is complete after <see cref="Finish"/>.</summary>
    public void Forecast(ForecastBatch batch, int server)
    {
        var state = Take(batch, server, WindowColumns.LeastMeasured);
        if (_columns.Moving == 0)
        {
            batch.Notes[server] = new ForecastNote(FallbackReasons.NothingMoves);
            return;
        }

        var rejected = batch.Followed[server]?.Rejected ?? default;
        var (networks, lost) = (default(MetricMask), default(MetricMask));
        foreach (var metric in _columns.Metrics)
        {
            if ((_columns.Moving & WeeksState.Bit(metric)) == 0)
                continue;
            (networks, lost) = rejected.Has(metric) ? (networks, lost.With(metric)) : (networks.With(metric), lost);
        }

        batch.Notes[server] = new ForecastNote(networks == default ? FallbackReasons.BetterHere : null, networks, lost);
        Forecast(_networks, batch, server, state);
    }

    /// <summary>Takes a server of a batch whose window is not one for the networks: the recipe's base forecasts it, complete at once.</summary>
    public void ForecastBase(ForecastBatch batch, int server, string reason)
    {
        var state = Take(batch, server, WindowColumns.LeastForBase);
        batch.Notes[server] = new ForecastNote(_columns.Moving != 0 ? reason : FallbackReasons.NothingMoves);
        if (_columns.Moving != 0)
            Forecast(_base, batch, server, state);
        _base.Flush();
    }

    /// <summary>Forecasts what is left.</summary>
    public void Finish()
    {
        _networks.Flush();
        _batch = null;
    }

    private void Forecast(WindowForecaster forecaster, ForecastBatch batch, int server, WeeksState? state)
    {
        if (state is null)
            forecaster.Forecast(server, _columns.Values, batch.Windows[server].LastStep);
        else
            forecaster.Forecast(server, _columns.Values, batch.Windows[server].LastStep, state.Tables, state.Coefficients);
    }

    /// <summary>Takes the columns that the recipe can forecast, and the server's state if there is one; the rules forecast the others.</summary>
    private WeeksState? Take(ForecastBatch batch, int server, int leastMeasured)
    {
        _batch = batch;
        _columns.Take(batch.Values(server), leastMeasured);
        _moving[server] = _columns.Moving;
        var state = _columns.Moving == 0 ? null : _states?.For(batch.Servers[server], _model, _columns.Moving, leastMeasured == WindowColumns.LeastMeasured);
        if (state is not null)
            _columns.TakeKnown(batch.Values(server), state.Metrics);
        _columns.Metrics.CopyTo(_metrics.AsSpan(server * ForecastShape.Metrics));
        var quantiles = batch.Quantiles(server);
        foreach (var metric in MetricCatalog.All)
        {
            if ((_columns.Moving & WeeksState.Bit(metric.Id)) == 0)
                FallbackForecaster.Forecast(metric, batch.Values(server), batch.Windows[server], batch.Facts[server], quantiles);
        }

        return state;
    }

    private void Receive(int server, int column, RawForecast raw, bool hasNetworks)
    {
        var metric = MetricCatalog.Get(_metrics[(server * ForecastShape.Metrics) + column]);
        if ((_moving[server] & WeeksState.Bit(metric.Id)) == 0)
            return;
        if (raw.Quantiles.ContainsAny(float.NaN, float.PositiveInfinity, float.NegativeInfinity))
            throw new InvalidOperationException($"A forecast of {_batch!.Facts[server].Name} is not finite.");
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
