using Tft.Forecasting.Data;
using Tft.Forecasting.Engines;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Forecasting.Recipe.Tables;
using Tft.Forecasting.State;

namespace Tft.Bench.Parts;

/// <summary>
/// A server's forecast by the model on one thread, as a worker of the service makes it, and its parts by themselves: the same calls on the same window. Parts overlap
/// (regularity is in view and base), so they do not sum to the whole.
/// </summary>
internal sealed class RecipeParts : IDisposable
{
    // a server's windows at a time, so that runs are short and some are not interrupted; the service gives its networks 64, cut into the same slices of four
    private static readonly int s_windows = BenchServer.Metrics.Length;
    private readonly BenchServer _server;
    private readonly LoadedNetworks _loaded;
    private readonly WindowForecaster _forecaster;
    private readonly EngineCorrection[] _networks;
    private readonly TreeCorrection? _trees;
    private readonly (PackedTables Tables, PackedCoefficients? Coefficients)? _state;
    private readonly WindowView _view;
    private readonly BaseForecast _base = new();
    private readonly float[] _anomaly = new float[s_windows * NetworkInputs.Encoder];
    private readonly float[] _past;
    private readonly float[] _future;
    private readonly float[] _corrections = new float[s_windows * BenchServer.Outputs];
    private LearnedServer _learned;
    private float _sink;

    /// <param name="model">The model.</param>
    /// <param name="server">The server; it gets the forecast.</param>
    /// <param name="weeks">Whether it has a state from weeks; otherwise its last day is all that is known.</param>
    public RecipeParts(ForecastModel model, BenchServer server, bool weeks)
    {
        _server = server;
        _loaded = new LoadedNetworks(model, new ManagedEngine(1));
        _networks = [.. _loaded.Networks.Select(n => new EngineCorrection(n, s_windows))];
        _trees = model.TreeCorrection();
        _view = new WindowView(model.Config.Recipe.Stretch);
        _past = new float[_networks.Length == 0 ? 0 : _anomaly.Length * _networks[0].Past];
        _future = new float[_networks.Length == 0 ? 0 : s_windows * Protocol.Horizon * _networks[0].Future];
        if (weeks)
            _state = WeeksLearner.Learn(model, server.Weeks, 0, 0, server.Weeks[0].Length) ?? throw new InvalidOperationException("No state could be learned.");
        _forecaster = new WindowForecaster(_loaded, (_, metric, raw) => server.Keep(metric, raw), s_windows);
        Forecast();
        _learned = Look();
        View();
        Base();
        Inputs();
    }

    /// <summary>The whole first.</summary>
    public IReadOnlyList<Part> All =>
    [
        new("forecast", Forecast, "tables to networks and trees"),
        _state is null ? new("tables", () => _learned = Look(), "what is usual, from the last day") : new("state", () => _learned = Look(), "unpacked from 16 bits"),
        new("view", View, "anomalies of all metrics"),
        new("base", Base, "with regularity"),
        new("regularity", Regularity, "part of view and base"),
        .. _networks.Length == 0 ? Array.Empty<Part>() : [new("inputs", Inputs, "of the networks"), new("networks", Networks, $"{_networks.Length} of them")],
        .. _trees is null ? Array.Empty<Part>() : [new("trees", Trees, $"inputs and forest of {_loaded.Model.Trees!.Count}")],
    ];

    public void Dispose() => _loaded.Dispose();

    private LearnedServer Look() => _state is { } state ? _forecaster.Look(state.Tables, state.Coefficients) : _forecaster.Look(_server.Day, BenchServer.Last);

    private void Forecast()
    {
        if (_state is { } state)
            _forecaster.Forecast(0, _server.Day, BenchServer.Last, state.Tables, state.Coefficients);
        else
            _forecaster.Forecast(0, _server.Day, BenchServer.Last);
        _forecaster.Flush();
    }

    private void View() => _view.Look(_server.Day, Protocol.Context - 1, (int)(BenchServer.Last % Protocol.Day), _learned.Tables);

    private void Base()
    {
        for (var m = 0; m < s_windows; m++)
            _base.Compute(_view, m, _learned.Series[m], _loaded.Model.Recipe.Ridge);
    }

    private void Regularity()
    {
        for (var m = 0; m < s_windows; m++)
            _sink += _view.Regularity(m) + DayRegularity.Closure(_server.Day[m]);
    }

    private void Inputs()
    {
        var (past, future) = (_past.Length / s_windows, _future.Length / s_windows);
        for (var m = 0; m < s_windows && _networks.Length > 0; m++)
            NetworkInputs.Fill(_view, m, _base, _anomaly.AsSpan(m * NetworkInputs.Encoder, NetworkInputs.Encoder), _past.AsSpan(m * past, past), _future.AsSpan(m * future, future));
    }

    private void Networks()
    {
        foreach (var network in _networks)
            network.Correct(s_windows, _anomaly, _past, _future, _corrections.AsSpan(0, s_windows * network.Leads * 3));
    }

    private void Trees()
    {
        for (var m = 0; m < s_windows; m++)
            _trees!.Correct(_view, m, _base, _corrections.AsSpan(0, BenchServer.Outputs));
    }
}
