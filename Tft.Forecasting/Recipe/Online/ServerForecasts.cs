using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Recipe.Online;

/// <summary>What follows the forecasts of a server as they come true.</summary>
[Flags]
public enum OnlineRules
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The bands follow their misses: <see cref="OnlineConformal"/>.</summary>
    Bands = 1,

    /// <summary>The networks are believed as far as they were better than the base (<see cref="SeriesTrust"/>), and both as far as they were better than yesterday's value (<see cref="YesterdayTrust"/>).</summary>
    Trust = 2,
}

/// <summary>Forecasts of a server at some origins, not calibrated, not rounded.</summary>
/// <param name="Networks">By the networks.</param>
/// <param name="Base">By the base alone.</param>
/// <param name="Yesterday">[origins][metrics, 96] <see cref="YesterdayForecast"/>.</param>
/// <param name="IsNewcomer">[origins] whether one day was all that was known.</param>
internal sealed record RawForecasts(QuantileForecast Networks, QuantileForecast Base, float[][] Yesterday, bool[] IsNewcomer)
{
    /// <summary>Yesterday's value of an origin and a metric, [96].</summary>
    public ReadOnlySpan<float> YesterdayAt(int origin, int metric) => Yesterday[origin].AsSpan(metric * Protocol.Horizon, Protocol.Horizon);
}

/// <summary>Forecasts of a server at many origins, for evaluation.</summary>
internal static class ServerForecasts
{
    /// <summary>Forecasts at the given origins, not calibrated, not rounded; <paramref name="stateAt"/> gives the state that was known at an origin.</summary>
    public static RawForecasts Raw(ServerSeries series, IReadOnlyList<int> origins, Func<int, LearnedServer> stateAt, SeriesForecaster forecaster)
    {
        var (networks, fallback) = (new QuantileForecast(origins.Count, series.Metrics), new QuantileForecast(origins.Count, series.Metrics));
        var yesterday = new float[origins.Count][];
        foreach (ref var origin in yesterday.AsSpan())
            origin = new float[series.Metrics * Protocol.Horizon];
        void Receive(int key, int metric, ReadOnlySpan<float> quantiles, float grid)
        {
            var alone = forecaster.Base;
            forecaster.Yesterday.CopyTo(yesterday[key].AsSpan(metric * Protocol.Horizon));
            for (var lead = 0; lead < Protocol.Horizon; lead++)
            {
                networks.Set(key, lead, metric, quantiles[lead * 3], quantiles[(lead * 3) + 1], quantiles[(lead * 3) + 2]);
                fallback.Set(key, lead, metric, alone[lead * 3], alone[(lead * 3) + 1], alone[(lead * 3) + 2]);
            }
        }

        var isNewcomer = new bool[origins.Count];
        for (var e = 0; e < origins.Count; e++)
        {
            var known = stateAt(e);
            isNewcomer[e] = known.IsNewcomer;
            forecaster.Forecast(e, series.Values, origins[e], series.SlotOf(origins[e]), known, Receive);
        }

        forecaster.Flush(Receive);
        return new RawForecasts(networks, fallback, yesterday, isNewcomer);
    }

    /// <summary>The forecasts as published: rounded to each metric's grid, after what has come by each origin has been learned from as asked for.</summary>
    public static QuantileForecast Published(
        ServerSeries series, IReadOnlyList<int> origins, RawForecasts raw, ServerTables tables, OnlineRules rules)
    {
        var metrics = series.Metrics;
        var published = new QuantileForecast(origins.Count, metrics);
        var (conformal, trust, recipe) = (new OnlineConformal(metrics), new SeriesTrust(metrics), new YesterdayTrust(metrics));
        var (quantiles, fallback) = (new float[Protocol.Horizon * 3], new float[Protocol.Horizon * 3]);
        for (var e = 0; e < origins.Count; e++)
        {
            // what has come by now was forecast from the origins before
            conformal.Rate = OnlineConformal.RateOf(raw.IsNewcomer[Math.Max(0, e - 1)]);
            if (rules.HasFlag(OnlineRules.Bands))
                LearnBands(series, origins, published, conformal, e);
            if (rules.HasFlag(OnlineRules.Trust))
                LearnTrust(series, origins, raw, trust, recipe, e);
            for (var m = 0; m < metrics; m++)
            {
                for (var lead = 0; lead < Protocol.Horizon; lead++)
                {
                    raw.Networks.At(e, lead, m).CopyTo(quantiles.AsSpan(lead * 3));
                    raw.Base.At(e, lead, m).CopyTo(fallback.AsSpan(lead * 3));
                }

                SeriesTrust.Blend(trust.Of(m), quantiles, fallback);
                recipe.Blend(m, quantiles, raw.YesterdayAt(e, m));
                conformal.Apply(m, tables.Metrics[m].Grid, quantiles);
                for (var lead = 0; lead < Protocol.Horizon; lead++)
                    published.Set(e, lead, m, quantiles[lead * 3], quantiles[(lead * 3) + 1], quantiles[(lead * 3) + 2]);
            }
        }

        return published;
    }

    // at origin e the target of group g is known of the forecast made g + 1 hours before
    private static void LearnBands(ServerSeries series, IReadOnlyList<int> origins, QuantileForecast published, OnlineConformal conformal, int e)
    {
        var (below, above) = (new float[series.Metrics], new float[series.Metrics]);
        for (var group = 0; group < OnlineConformal.Groups; group++)
        {
            var past = e - OnlineLeads.Waiting(group);
            if (past < 0)
                break;
            var lead = OnlineLeads.Lead(group);
            for (var m = 0; m < series.Metrics; m++)
            {
                var value = series.Values[m][origins[past] + 1 + lead];
                var q = published.At(past, lead, m);
                var side = OnlineConformal.Side(value, q[0], q[2]);
                (below[m], above[m]) = float.IsFinite(value) ? (side < 0 ? 1 : 0, side > 0 ? 1 : 0) : (float.NaN, float.NaN);
            }

            conformal.Observe(group, below, above);
        }
    }

    private static void LearnTrust(ServerSeries series, IReadOnlyList<int> origins, RawForecasts raw, SeriesTrust trust, YesterdayTrust recipe, int e)
    {
        var (losses, overYesterday, outcomes) = (new float[series.Metrics * SeriesTrust.Mixtures], new float[series.Metrics * SeriesTrust.Mixtures], new int[series.Metrics]);
        Span<float> mixed = stackalloc float[QuantileForecast.Quantiles];
        foreach (var group in OnlineLeads.TrustGroups)
        {
            var past = e - OnlineLeads.Waiting(group);
            if (past < 0)
                break;
            var lead = OnlineLeads.Lead(group);
            for (var m = 0; m < series.Metrics; m++)
            {
                var value = series.Values[m][origins[past] + 1 + lead];
                if (!float.IsFinite(value))
                    continue;
                SeriesTrust.AddLosses(value, raw.Networks.At(past, lead, m), raw.Base.At(past, lead, m), losses.AsSpan(m * SeriesTrust.Mixtures, SeriesTrust.Mixtures));
                raw.Networks.At(past, lead, m).CopyTo(mixed);
                SeriesTrust.Blend(trust.Of(m), mixed, raw.Base.At(past, lead, m));
                recipe.AddLosses(m, value, mixed, raw.YesterdayAt(past, m)[lead], overYesterday.AsSpan(m * SeriesTrust.Mixtures, SeriesTrust.Mixtures));
                outcomes[m]++;
            }
        }

        trust.Observe(losses, outcomes);
        recipe.Observe(overYesterday, outcomes);
    }
}
