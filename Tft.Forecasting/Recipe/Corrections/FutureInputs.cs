using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Recipe.Corrections;

/// <summary>The inputs of the future of one metric of a window, lead by lead: what they share is computed once.</summary>
internal readonly ref struct FutureInputs
{
    // [96] -1 for the first lead, 1 for the last
    private static readonly float[] s_leads = [.. Enumerable.Range(0, Data.Protocol.Horizon).Select(lead => (2 * MathF.Log(lead + 1) / MathF.Log(Data.Protocol.Horizon)) - 1)];

    private readonly WindowView _view;
    private readonly BaseForecast _forecast;
    private readonly SeriesTables _table;
    private readonly TrendLine _hour;
    private readonly TrendLine _long;
    private readonly float _highest;
    private readonly float _lowest;
    private readonly float _level;
    private readonly float _unit;
    private readonly float _deviation;

    /// <param name="view">The window.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="forecast">Its base.</param>
    public FutureInputs(WindowView view, int metric, BaseForecast forecast)
    {
        (_view, _forecast, _table) = (view, forecast, view.Tables.Metrics[metric]);
        (_level, _unit) = (1 / _table.Deviation, 1 / view.Scale(metric));
        _deviation = MathF.Exp(forecast.State[3]) - 0.1f;
        var values = view.Values(metric);
        (_highest, _lowest) = (values[0], values[0]);
        foreach (var value in values)
            (_highest, _lowest) = (Math.Max(_highest, value), Math.Min(_lowest, value));
        _hour = TrendLine.Of(view.Anomalies(metric)[^12..]);
        _long = TrendLine.Of(view.Anomalies(metric)[^48..]);
    }

    /// <summary>Fills the inputs [24] of a lead, counted from 0.</summary>
    public void Row(int lead, Span<float> row)
    {
        var (slot, features, state) = (_view.SlotAhead(lead), _forecast.Features, _forecast.State);
        var (expected, location) = (_forecast.Anomaly[lead], features.Location[lead]);
        row[0] = MathF.Asinh(expected);
        row[1] = MathF.Asinh(features.Leads[2][lead] - expected);
        row[2] = MathF.Asinh(_forecast.Squares[lead] - expected);
        row[3] = NetworkInputs.Level((location - _table.Mean) * _level);
        row[4] = MathF.Asinh(features.Leads[0][lead]);
        row[5] = MathF.Asinh(features.Leads[1][lead]);
        row[6] = MathF.Log(features.Spread[lead]);
        row[7] = MathF.Asinh(DayProfile.At(_table.Profile.Low, slot) * _unit);
        row[8] = MathF.Asinh(DayProfile.At(_table.Profile.High, slot) * _unit);
        (row[9], row[10], row[11], row[12], row[13], row[14]) = (state[0], state[1], state[4], state[5], _deviation, state[2]);
        row[15] = _forecast.LogUnit[lead];
        row[16] = s_leads[lead];
        // a job that fills a machine, a disk that was cleaned: what a metric was between in a day says where it stops
        row[17] = MathF.Asinh(((_highest - location) * _unit) - expected);
        row[18] = MathF.Asinh(((_lowest - location) * _unit) - expected);
        row[19] = MathF.Asinh((_hour.At(lead) - expected) / _forecast.Unit[lead]);
        row[20] = MathF.Asinh((_long.At(lead) - expected) / _forecast.Unit[lead]);
        row[21] = _hour.Straightness;
        row[22] = _long.Straightness;
        row[23] = (2 * _forecast.Regularity) - 1;
    }
}
