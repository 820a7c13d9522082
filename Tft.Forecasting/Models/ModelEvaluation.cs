using Tft.Forecasting.Baselines;
using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Forecasting.Recipe.Online;
using Tft.Forecasting.State;

namespace Tft.Forecasting.Models;

/// <summary>What a forecast may know when it is evaluated.</summary>
public enum EvaluationTrack
{
    /// <summary>State and calibration from the fit part only.</summary>
    FitOnly,

    /// <summary>As in service: the state of a server is renewed daily from what came before, and the bands follow what has come.</summary>
    Service,

    /// <summary>As for a newcomer: nothing but the 288 steps before each origin.</summary>
    Cold,
}

/// <summary>Forecasts servers with a model at the origins of the protocol.</summary>
public static class ModelEvaluation
{
    /// <summary>Days of history that <see cref="EvaluationTrack.Service"/> knows unless it is told another number.</summary>
    public const int MostDays = 45;

    /// <summary>Forecasts of all metrics; one that does not vary in the fit part gets seasonal naive.</summary>
    /// <param name="model">The model.</param>
    /// <param name="server">The server, all of it.</param>
    /// <param name="track">What a forecast may know.</param>
    /// <param name="withNetworks">False for the base alone, the fallback.</param>
    /// <param name="rules">What follows the forecasts as they come true; the bands always do as in service.</param>
    /// <param name="historyDays">Days of history that the service keeps; of no meaning to the other tracks.</param>
    public static QuantileForecast Forecast(ForecastModel model, ServerSeries server, EvaluationTrack track, bool withNetworks, OnlineRules rules = OnlineRules.None, int historyDays = MostDays)
    {
        var origins = Protocol.Origins(server.Steps, server.FitSteps);
        var forecast = SeasonalNaive.Forecast(server, origins);
        var metrics = MetricSelection.Kept(server);
        if (metrics.Length == 0)
            return forecast;
        var series = server.Select(metrics);
        TftCorrection[] networks = withNetworks ? [.. model.Networks.Select(n => new TftCorrection(n, 64, 1))] : [];
        var forecaster = new SeriesForecaster(model.Recipe.Ridge, networks, model.Config.BandScales, model.Config.Recipe.Stretch, trees: withNetworks ? model.TreeCorrection() : null);
        var states = States(model, series, origins, track, historyDays);
        var tables = states(0).Tables;
        var raw = ServerForecasts.Raw(series, origins, states, forecaster);
        foreach (var network in networks)
            network.Dispose();
        var published = ServerForecasts.Published(series, origins, raw, tables, track == EvaluationTrack.Service ? rules | OnlineRules.Bands : rules);
        for (var e = 0; e < origins.Length; e++)
        {
            for (var lead = 0; lead < Protocol.Horizon; lead++)
            {
                for (var m = 0; m < metrics.Length; m++)
                    published.At(e, lead, m).CopyTo(forecast.At(e, lead, metrics[m]));
            }
        }

        return forecast;
    }

    private static Func<int, LearnedServer> States(ForecastModel model, ServerSeries series, int[] origins, EvaluationTrack track, int historyDays)
    {
        var options = model.Config.Recipe with { Threads = 1 };
        if (track == EvaluationTrack.FitOnly)
        {
            var state = RecipeFit.Learn(series, model.Recipe, options);
            return _ => state;
        }

        var newcomer = Enumerable.Repeat(model.Recipe.Newcomer, series.Metrics).ToArray();
        LearnedServer Newcomer(int e) => LearnedServer.OfNewcomer(series.Values, series.SlotOf, origins[e], newcomer);
        if (track == EvaluationTrack.Cold)
            return Newcomer;

        // origins ascend, so one state is kept: that of the origin's day
        var (day, known) = (-1, (LearnedServer?)null);
        return e =>
        {
            var today = (origins[e] - origins[0]) / Protocol.Day;
            if (today != day)
            {
                var end = origins[0] + 1 + (today * Protocol.Day);
                var start = Math.Max(0, end - (historyDays * Protocol.Day));
                known = end - start >= WeeksLearner.FewestSteps && WeeksLearner.Learn(model, series.Values, series.FirstStep, start, end) is { } learned
                    ? new UnpackedServer(model.Recipe).Unpack(learned.Tables, learned.Coefficients)
                    : null;
                day = today;
            }

            return known ?? Newcomer(e);
        };
    }
}
