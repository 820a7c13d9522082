using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;

namespace Tft.Forecasting.Baselines;

/// <summary>The same step one day earlier, with p10 and p90 from its residuals in the fit part, by lead: what every figure is relative to.</summary>
public static class SeasonalNaive
{
    /// <summary>Forecasts of all metrics of a server at the given origins; a gap one day earlier is filled with the nearest earlier value of that series.</summary>
    public static QuantileForecast Forecast(ServerSeries series, IReadOnlyList<int> origins)
    {
        var forecast = new QuantileForecast(origins.Count, series.Metrics);
        int[] fitted = [.. ResidualBand.Origins(series.FitSteps)];
        var residuals = new float[fitted.Length];
        for (var m = 0; m < series.Metrics; m++)
        {
            var x = series.Values[m];
            for (var lead = 0; lead < Protocol.Horizon; lead++)
            {
                for (var e = 0; e < fitted.Length; e++)
                    residuals[e] = x[fitted[e] + 1 + lead] - x[fitted[e] + 1 + lead - Protocol.Day];
                var (low, high) = ResidualBand.Of(residuals);
                for (var e = 0; e < origins.Count; e++)
                {
                    var point = LastKnown(x, origins[e] + 1 + lead - Protocol.Day);
                    var q = forecast.At(e, lead, m);
                    q[0] = Math.Min(point + low, point);
                    q[1] = point;
                    q[2] = Math.Max(point + high, point);
                }
            }
        }

        return forecast;
    }

    private static float LastKnown(float[] x, int t)
    {
        for (var i = t; i >= 0; i--)
        {
            if (float.IsFinite(x[i]))
                return x[i];
        }

        return 0;
    }
}
