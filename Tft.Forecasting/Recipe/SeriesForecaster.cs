using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Bands;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Corrections;

namespace Tft.Forecasting.Recipe;

/// <summary>
/// Forecasts the metrics of servers: the base, corrected by the mean of some networks and, where there are some, of trees beside them (no networks: the base alone, which is the
/// fallback). Windows are gathered to batches. One instance belongs to one thread.
/// </summary>
internal sealed class SeriesForecaster
{
    private const int Outputs = Protocol.Horizon * 3;
    private const int AnomalySize = NetworkInputs.Encoder;

    /// <summary>
    /// [96] share of the correction that is believed: all of it for an hour, two thirds of it eight hours ahead, where training and the days after it agree
    /// least.
    /// </summary>
    private static readonly float[] s_trust =
        [.. Enumerable.Range(1, Protocol.Horizon).Select(h => 1 - (MathF.Max(0, MathF.Log(h / 12f) / MathF.Log(Protocol.Horizon / 12f)) / 3))];

    /// <summary>
    /// [96] share of the networks for the next leads, where there are some: most of it for an hour, then less; nothing from where they end. Those that look all
    /// eight hours ahead still add what they see differently.
    /// </summary>
    private static readonly float[] s_near =
        [.. Enumerable.Range(1, Protocol.Horizon).Select(h => 0.7f * Math.Clamp((NetworkInputs.NearDecoder + 1 - h) / 5f, 0, 1))];

    private readonly int _near;
    private readonly TreeCorrection? _trees;
    private readonly float[] _treeCorrections;
    private readonly IReadOnlyList<IResidualNetwork> _networks;
    private readonly int _pastSize;
    private readonly int _futureSize;
    private readonly LagRidge _ridge;
    private readonly int _batch;
    private readonly WindowView _view;
    private readonly BaseForecast _base = new();
    private readonly float[] _anomaly;
    private readonly float[] _past;
    private readonly float[] _future;
    private readonly float[] _corrections;
    private readonly float[] _total;
    private readonly float[] _quantiles;
    private readonly float[] _center;
    private readonly float[] _unit;
    private readonly float[] _yesterday;
    private readonly float[][] _bandScales;
    private readonly (int Key, int Metric, float Grid, bool IsNewcomer)[] _pending;
    private readonly float[] _result = new float[Outputs];
    private readonly float[] _baseResult = new float[Outputs];
    private int _count;
    private int _received;

    /// <param name="ridge">The pooled ridge.</param>
    /// <param name="networks">Networks whose mean corrects the base; all take the same inputs.</param>
    /// <param name="bandScales">Factors on the bands; null for 1.</param>
    /// <param name="stretches">Whether windows are seen as <see cref="RecipeOptions.Stretch"/> says.</param>
    /// <param name="batch">Windows of a batch.</param>
    /// <param name="trees">What corrects the base beside the networks for the next hour; null where nothing does.</param>
    public SeriesForecaster(LagRidge ridge, IReadOnlyList<IResidualNetwork> networks, BandScales? bandScales, bool stretches, int batch = 64, TreeCorrection? trees = null)
    {
        (_trees, _treeCorrections) = (trees, trees is null ? [] : new float[batch * Outputs]);
        _view = new WindowView(stretches);
        (_networks, _ridge, _batch) = (networks, ridge, batch);
        _near = networks.Count(n => n.Leads < Protocol.Horizon);
        if (_near > 0 && _near == networks.Count)
            throw new ArgumentException("No network corrects all leads.", nameof(networks));
        var scales = bandScales ?? BandScales.One;
        _bandScales = [.. new[] { scales.Weeks, scales.WeeksBase, scales.Newcomer, scales.NewcomerBase }.Select(BandScales.AtLeads)];
        _anomaly = new float[batch * AnomalySize];
        _pastSize = networks.Count == 0 ? 0 : NetworkInputs.Encoder * networks[0].Past;
        _futureSize = networks.Count == 0 ? 0 : Protocol.Horizon * networks[0].Future;
        _past = new float[batch * _pastSize];
        _future = new float[batch * _futureSize];
        (_corrections, _total, _quantiles) = (new float[batch * Outputs], new float[batch * Outputs], new float[batch * Outputs]);
        (_center, _unit, _yesterday) = (new float[batch * Protocol.Horizon], new float[batch * Protocol.Horizon], new float[batch * Protocol.Horizon]);
        _pending = new (int, int, float, bool)[batch];
    }

    /// <summary>[96, 3] what the base alone says of the metric that is being received: not rounded either.</summary>
    public ReadOnlySpan<float> Base => _baseResult;

    /// <summary>[96] <see cref="YesterdayForecast"/> of the metric that is being received.</summary>
    public ReadOnlySpan<float> Yesterday => _yesterday.AsSpan(_received * Protocol.Horizon, Protocol.Horizon);

    /// <summary>Whether one day is all that is known of the server of the metric that is being received.</summary>
    public bool IsNewcomer => _pending[_received].IsNewcomer;

    private bool IsCorrected => _networks.Count > 0;

    /// <summary>Receives the quantiles [96, 3] of a metric: not yet rounded to its grid.</summary>
    public delegate void Receive(int key, int metric, ReadOnlySpan<float> quantiles, float grid);

    /// <summary>Forecasts all metrics of a window; results arrive batch by batch, the last ones with <see cref="Flush"/>.</summary>
    public void Forecast(int key, float[][] values, int origin, int originSlot, LearnedServer server, Receive receive)
    {
        _view.Look(values, origin, originSlot, server.Tables);
        for (var m = 0; m < server.Series.Length; m++)
        {
            var (table, scale) = (server.Tables.Metrics[m], _view.Scale(m));
            _base.Compute(_view, m, server.Series[m], _ridge);
            if (_networks.Count > 0)
            {
                NetworkInputs.Fill(_view, m, _base, Slice(_anomaly, AnomalySize), Slice(_past, _pastSize), Slice(_future, _futureSize));
            }

            _trees?.Correct(_view, m, _base, Slice(_treeCorrections, Outputs));
            _base.Quantiles.CopyTo(Slice(_quantiles, Outputs));
            YesterdayForecast.Write(_view.Values(m), Slice(_yesterday, Protocol.Horizon));
            var center = Slice(_center, Protocol.Horizon);
            var unit = Slice(_unit, Protocol.Horizon);
            for (var lead = 0; lead < Protocol.Horizon; lead++)
            {
                center[lead] = _base.Features.Location[lead] + (scale * _base.Anomaly[lead]);
                unit[lead] = scale * _base.Unit[lead];
            }

            _pending[_count++] = (key, m, table.Grid, server.IsNewcomer);
            if (_count == _batch)
                Flush(receive);
        }
    }

    /// <summary>Forecasts what is left of a batch.</summary>
    public void Flush(Receive receive)
    {
        var size = _count * Outputs;
        _total.AsSpan(0, size).Clear();
        foreach (var network in _networks)
        {
            network.Correct(_count, _anomaly.AsSpan(0, _count * AnomalySize), _past.AsSpan(0, _count * _pastSize),
                _future.AsSpan(0, _count * _futureSize), _corrections.AsSpan(0, _count * network.Leads * 3));
            Add(network.Leads);
        }

        for (var w = 0; w < _count; w++)
        {
            var (corrected, alone) = _pending[w].IsNewcomer ? (_bandScales[2], _bandScales[3]) : (_bandScales[0], _bandScales[1]);
            for (var lead = 0; lead < Protocol.Horizon; lead++)
            {
                var at = (w * Protocol.Horizon) + lead;
                var (low, mid, high) = (_quantiles[at * 3], _quantiles[(at * 3) + 1], _quantiles[(at * 3) + 2]);
                Place(_baseResult.AsSpan(lead * 3, 3), _center[at], _unit[at], alone[lead], low, mid, high);
                if (!IsCorrected)
                    continue;
                (low, mid, high) = Corrected(at * 3);
                Place(_result.AsSpan(lead * 3, 3), _center[at], _unit[at], corrected[lead], low, mid, high);
            }

            _received = w;
            receive(_pending[w].Key, _pending[w].Metric, IsCorrected ? _result : _baseResult, _pending[w].Grid);
        }

        _count = 0;
    }

    /// <summary>The mean of networks and trees at a lead of a window.</summary>
    private (float Low, float Mid, float High) Corrected(int at)
    {
        var networks = (Low: _total[at], Mid: _total[at + 1], High: _total[at + 2]);
        var share = TreeShape.Share(at / 3 % Protocol.Horizon);
        if (_trees is null || share == 0)
            return networks;
        var trees = Sorted(_quantiles[at] + _treeCorrections[at], _quantiles[at + 1] + _treeCorrections[at + 1], _quantiles[at + 2] + _treeCorrections[at + 2]);
        float Mean(float network, float tree) => network + (share * (tree - network));
        return (Mean(networks.Low, trees.Low), Mean(networks.Mid, trees.Mid), Mean(networks.High, trees.High));
    }

    /// <summary>Adds the share of a network that corrected the next so many leads.</summary>
    private void Add(int leads)
    {
        for (var i = 0; i < _count * leads; i++)
        {
            var (window, lead) = Math.DivRem(i, leads);
            var (trust, near) = (s_trust[lead], _near > 0 ? s_near[lead] : 0);
            var share = leads < Protocol.Horizon ? near / _near : (1 - near) / (_networks.Count - _near);
            var correction = _corrections.AsSpan(i * 3, 3);
            var at = ((window * Protocol.Horizon) + lead) * 3;
            var (low, mid, high) = Sorted(_quantiles[at] + (trust * correction[0]), _quantiles[at + 1] + (trust * correction[1]), _quantiles[at + 2] + (trust * correction[2]));
            _total[at] += share * low;
            _total[at + 1] += share * mid;
            _total[at + 2] += share * high;
        }
    }

    private static void Place(Span<float> quantiles, float center, float unit, float scale, float low, float mid, float high)
    {
        quantiles[0] = center + (unit * (mid - (scale * (mid - low))));
        quantiles[1] = center + (unit * mid);
        quantiles[2] = center + (unit * (mid + (scale * (high - mid))));
    }

    private static (float Low, float Mid, float High) Sorted(float a, float b, float c)
    {
        if (a > b)
            (a, b) = (b, a);
        if (b > c)
            (b, c) = (c, b);
        return a > b ? (b, a, c) : (a, b, c);
    }

    private Span<float> Slice(float[] all, int size) => all.AsSpan(_count * size, size);
}
