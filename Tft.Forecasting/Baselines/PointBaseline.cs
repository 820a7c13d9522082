using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;

namespace Tft.Forecasting.Baselines;

/// <summary>A point forecaster with the band that it would have: p10 and p90 of what it was off by in the fit part, by lead, as seasonal naive has.</summary>
public static class PointBaseline
{
    /// <summary>The methods that are compared.</summary>
    public static IReadOnlyList<IPointForecaster> All { get; } =
        [new LastValue(), new LinearTrend(12), new LinearTrend(48), new LinearTrend(Protocol.Day), new UsualDay(), new HoltWinters()];

    /// <summary>Forecasts of all metrics of a server at the given origins; what does not vary, and steps of which the method says nothing, are seasonal naive.</summary>
    public static QuantileForecast Forecast(IPointForecaster forecaster, ServerSeries series, IReadOnlyList<int> origins)
    {
        ArgumentNullException.ThrowIfNull(forecaster);
        var forecast = SeasonalNaive.Forecast(series, origins);
        int[] fitted = [.. ResidualBand.Origins(series.FitSteps)];
        var points = new float[origins.Count * Protocol.Horizon];
        var inside = new float[fitted.Length * Protocol.Horizon];
        var residuals = new float[fitted.Length];
        foreach (var m in MetricSelection.Kept(series))
        {
            var x = series.Values[m];
            forecaster.Forecast(x, series.FitSteps, fitted, inside);
            forecaster.Forecast(x, series.FitSteps, [.. origins], points);
            for (var lead = 0; lead < Protocol.Horizon; lead++)
            {
                for (var e = 0; e < fitted.Length; e++)
                    residuals[e] = x[fitted[e] + 1 + lead] - inside[(e * Protocol.Horizon) + lead];
                var (low, high) = ResidualBand.Of(residuals);
                for (var e = 0; e < origins.Count; e++)
                {
                    var point = points[(e * Protocol.Horizon) + lead];
                    if (float.IsFinite(point))
                        forecast.Set(e, lead, m, Math.Min(point + low, point), point, Math.Max(point + high, point));
                }
            }
        }

        return forecast;
    }
}
