using System.Globalization;
using Tft.Forecasting.Data;

namespace Tft.Forecasting.Baselines;

/// <summary>
/// The least-squares line through the last steps, carried on: what <c>predict_linear(metric[RANGE], seconds)</c> of Prometheus computes.
/// </summary>
/// <param name="steps">Steps of five minutes that the line is fitted to.</param>
public sealed class LinearTrend(int steps) : IPointForecaster
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"line through the last {(steps < 12 ? $"{steps * 5} min" : $"{steps / 12} h")}");

    public void Forecast(ReadOnlySpan<float> x, int fit, ReadOnlySpan<int> origins, Span<float> into)
    {
        for (var e = 0; e < origins.Length; e++)
        {
            var (level, slope) = Line(x, origins[e]);
            for (var lead = 0; lead < Protocol.Horizon; lead++)
                into[(e * Protocol.Horizon) + lead] = (float)(level + (slope * (lead + 1)));
        }
    }

    /// <summary>Value at the origin and change per step; NaN without two measured values.</summary>
    private (double Level, double Slope) Line(ReadOnlySpan<float> x, int origin)
    {
        double sumT = 0, sumX = 0, sumTT = 0, sumTX = 0;
        var count = 0;
        for (var t = Math.Max(0, origin - steps + 1); t <= origin; t++)
        {
            if (!float.IsFinite(x[t]))
                continue;
            var at = t - origin;
            (sumT, sumX, sumTT, sumTX, count) = (sumT + at, sumX + x[t], sumTT + ((double)at * at), sumTX + (at * (double)x[t]), count + 1);
        }

        var spread = sumTT - (sumT * sumT / count);
        if (count < 2 || spread <= 0)
            return (double.NaN, double.NaN);
        var slope = (sumTX - (sumT * sumX / count)) / spread;
        return ((sumX - (slope * sumT)) / count, slope);
    }
}
