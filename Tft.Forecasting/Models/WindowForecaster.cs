using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Forecasting.State;

namespace Tft.Forecasting.Models;

/// <summary>
/// Forecasts servers from their last day, corrected by the networks. Of a newcomer nothing else is known: tables from that day and the newcomer's coefficients, what
/// <see cref="EvaluationTrack.Cold"/> scores; of others there is a state from weeks, what <see cref="EvaluationTrack.Service"/> scores. One instance belongs to one
/// thread.
/// </summary>
public sealed class WindowForecaster
{
    private readonly RecipeModel _recipe;
    private readonly SeriesForecaster _forecaster;
    private readonly Receive _receive;
    private readonly SeriesForecaster.Receive _pass;
    private readonly List<LearnedSeries[]> _newcomers = [];
    private readonly UnpackedServer _kept;

    /// <summary>Receives the forecast of a metric.</summary>
    public delegate void Receive(int key, int metric, RawForecast forecast);

    /// <param name="networks">The model.</param>
    /// <param name="receive">What takes the forecasts.</param>
    /// <param name="batch">Windows of a batch.</param>
    public WindowForecaster(LoadedNetworks networks, Receive receive, int batch = 64)
        : this(networks.Model, [.. networks.Networks.Select(n => new EngineCorrection(n, batch))], receive, batch, networks.Model.TreeCorrection())
    {
    }

    /// <summary>Forecasts by the base alone: what the networks correct.</summary>
    /// <param name="model">The model.</param>
    /// <param name="receive">What takes the forecasts.</param>
    public static WindowForecaster OfBase(ForecastModel model, Receive receive) => new(model, [], receive, batch: 64);

    internal WindowForecaster(ForecastModel model, IReadOnlyList<IResidualNetwork> networks, Receive receive, int batch, TreeCorrection? trees = null)
    {
        (_recipe, _receive, _pass) = (model.Recipe, receive, Pass);
        _kept = new UnpackedServer(model.Recipe);
        _forecaster = new SeriesForecaster(model.Recipe.Ridge, networks, model.Config.BandScales, model.Config.Recipe.Stretch, batch, trees);
    }

    /// <summary>Takes a newcomer; its forecasts arrive batch by batch, the last ones with <see cref="Flush"/>.</summary>
    /// <param name="key">What the caller knows it by.</param>
    /// <param name="values">[metrics][288], oldest first; NaN is a gap.</param>
    /// <param name="lastStep">Number of the last step; modulo 288 it is the slot of the day.</param>
    public void Forecast(int key, float[][] values, long lastStep) => Forecast(key, values, lastStep, Look(values, lastStep));

    /// <summary>Takes a server of which a state is kept: as many metrics as the window has, in the same order.</summary>
    /// <inheritdoc cref="Forecast(int, float[][], long)"/>
    public void Forecast(int key, float[][] values, long lastStep, PackedTables tables, PackedCoefficients? coefficients) =>
        Forecast(key, values, lastStep, Look(tables, coefficients));

    /// <summary>Forecasts what is left of a batch.</summary>
    public void Flush() => _forecaster.Flush(_pass);

    /// <summary>What a window's day says of the server.</summary>
    internal LearnedServer Look(float[][] values, long lastStep)
    {
        var first = Slot(lastStep + 1);
        return LearnedServer.OfNewcomer(values, step => (first + step) % Protocol.Day, Protocol.Context - 1, Newcomers(values.Length));
    }

    /// <summary>A state that is kept, unpacked until the next one is.</summary>
    internal LearnedServer Look(PackedTables tables, PackedCoefficients? coefficients) => _kept.Unpack(tables, coefficients);

    private void Forecast(int key, float[][] values, long lastStep, LearnedServer server) =>
        _forecaster.Forecast(key, values, Protocol.Context - 1, Slot(lastStep), server, _pass);

    private static int Slot(long step) => (int)(step % Protocol.Day);

    private LearnedSeries[] Newcomers(int metrics)
    {
        while (_newcomers.Count <= metrics)
            _newcomers.Add([.. Enumerable.Repeat(_recipe.Newcomer, _newcomers.Count)]);
        return _newcomers[metrics];
    }

    private void Pass(int key, int metric, ReadOnlySpan<float> quantiles, float grid) =>
        _receive(key, metric, new RawForecast(quantiles, _forecaster.Base, _forecaster.Yesterday, grid, _forecaster.IsNewcomer));
}
