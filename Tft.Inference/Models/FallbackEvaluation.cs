using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Forecasting.Baselines;
using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Fallback;
using Tft.Inference.Windows;

namespace Tft.Inference.Models;

/// <summary>Forecasts of the service's fallback at the origins of the protocol, to compare a model with.</summary>
internal static class FallbackEvaluation
{
    /// <exception cref="InvalidDataException">The server has other metrics than the contract.</exception>
    public static QuantileForecast Forecast(ServerSeries server)
    {
        if (!server.MetricNames.SequenceEqual(MetricCatalog.All.Select(m => m.Name)))
            throw new InvalidDataException($"{server.Name}: the service's fallback forecasts the contract's metrics; these are others.");
        var origins = Protocol.Origins(server.Steps, server.FitSteps);
        var forecast = SeasonalNaive.Forecast(server, origins);
        var window = new float[ForecastShape.WindowValues];
        var quantiles = new float[ForecastShape.PerServer];
        for (var e = 0; e < origins.Length; e++)
        {
            var first = origins[e] + 1 - TimeGrid.WindowSteps;
            var measured = 0;
            for (var t = 0; t < TimeGrid.WindowSteps; t++)
            {
                var any = false;
                for (var m = 0; m < ForecastShape.Metrics; m++)
                    any |= !float.IsNaN(window[(t * ForecastShape.Metrics) + m] = server.Values[m][first + t]);
                measured += any ? 1 : 0;
            }

            var info = new WindowInfo(server.FirstStep + origins[e], TimeGrid.WindowSteps, measured);
            var facts = new ServerFacts(server.Name, ServerProfile.Generic, ServerState.Healthy, MetricValues.Missing, 0, false);
            FallbackForecaster.Forecast(window, info, facts, quantiles);
            for (var step = 0; step < ForecastShape.Steps; step++)
            {
                for (var m = 0; m < ForecastShape.Metrics; m++)
                {
                    var q = quantiles.AsSpan(ForecastShape.At(step, m), ForecastShape.Quantiles);
                    if (!float.IsNaN(q[1]))
                        forecast.Set(e, step, m, q[0], q[1], q[2]);
                }
            }
        }

        return forecast;
    }
}
