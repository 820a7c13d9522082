using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;

namespace Tft.Forecasting.Recipe;

/// <summary>Forecasts of a server at many origins, for evaluation.</summary>
internal static class ServerForecasts
{
    /// <summary>Forecasts at the given origins, not calibrated, not rounded; <paramref name="stateAt"/> gives the state that was known at an origin.</summary>
    public static QuantileForecast Raw(ServerSeries series, IReadOnlyList<int> origins, Func<int, LearnedServer> stateAt, SeriesForecaster forecaster)
    {
        var forecast = new QuantileForecast(origins.Count, series.Metrics);
        void Receive(int key, int metric, ReadOnlySpan<float> quantiles, float grid)
        {
            for (var lead = 0; lead < Protocol.Horizon; lead++)
                forecast.Set(key, lead, metric, quantiles[lead * 3], quantiles[(lead * 3) + 1], quantiles[(lead * 3) + 2]);
        }

        for (var e = 0; e < origins.Count; e++)
            forecaster.Forecast(e, series.Values, origins[e], series.SlotOf(origins[e]), stateAt(e), Receive);
        forecaster.Flush(Receive);
        return forecast;
    }

    /// <summary>The forecasts as published: rounded to each metric's grid, with a conformal scale that follows what has come by each origin if asked for.</summary>
    public static QuantileForecast Published(ServerSeries series, IReadOnlyList<int> origins, QuantileForecast raw, ServerTables tables, bool online)
    {
        var published = new QuantileForecast(raw.Origins, raw.Metrics);
        var conformal = new OnlineConformal(raw.Metrics);
        var quantiles = new float[Protocol.Horizon * 3];
        for (var e = 0; e < raw.Origins; e++)
        {
            if (online)
                Learn(series, origins, published, conformal, e);
            for (var m = 0; m < raw.Metrics; m++)
            {
                for (var lead = 0; lead < Protocol.Horizon; lead++)
                    raw.At(e, lead, m).CopyTo(quantiles.AsSpan(lead * 3));
                conformal.Apply(m, tables.Metrics[m].Grid, quantiles);
                for (var lead = 0; lead < Protocol.Horizon; lead++)
                    published.Set(e, lead, m, quantiles[lead * 3], quantiles[(lead * 3) + 1], quantiles[(lead * 3) + 2]);
            }
        }

        return published;
    }

    // at origin e the targets of group g are known of the forecast made g + 1 hours before
    private static void Learn(ServerSeries series, IReadOnlyList<int> origins, QuantileForecast published, OnlineConformal conformal, int e)
    {
        for (var group = 0; group < OnlineConformal.Groups; group++)
        {
            var past = e - 1 - group;
            if (past < 0)
                break;
            var first = group * OnlineConformal.GroupLeads;
            conformal.Observe(group,
                (m, lead) => (published.At(past, first + lead, m)[0], published.At(past, first + lead, m)[2]),
                (m, lead) => series.Values[m][origins[past] + 1 + first + lead]);
        }
    }
}
