using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Base;

namespace Tft.Forecasting.Recipe.Bands;

/// <summary>Fits the width and the quantiles of the bands: log(|r| + .1) regressed on what makes a metric hard to forecast, then the quantiles of r / U.</summary>
internal static class BandFit
{
    /// <summary>Widths beyond exp(2.5) times the usual, either way, are not believed.</summary>
    public const float LogCap = 2.5f;

    private const float Offset = 0.1f;
    private const float LeastUnit = 0.02f;
    private static readonly int s_knots = LeadKnots.Count;

    /// <summary>
    /// Coefficients [knots, 15] over all metrics, of which the forecasts are known. With a unit of their own for each metric they say when a metric is harder than
    /// usual; with one for all (<paramref name="oneUnit"/>) also which metrics are.
    /// </summary>
    public static float[] Pooled(IReadOnlyList<FitSamples> samples, RecipeOptions options, bool oneUnit = false)
    {
        var pooled = new float[s_knots * BandFeatures.Count];
        Parallel.For(0, s_knots, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, knot =>
        {
            var sums = new NormalEquations();
            for (var i = 0; i < samples.Count; i++)
                Accumulate(samples[i], knot, oneUnit ? 1 : MathF.Exp(LogUnit(samples[i], knot)), sums);
            sums.Solve(BandFeatures.Count, 0, 1e-3, []).CopyTo(pooled, knot * BandFeatures.Count);
        });
        return pooled;
    }

    /// <summary>Band coefficients, units and quantiles of one metric.</summary>
    public static (float[] Band, float[] LogUnit, float[] Quantiles) Local(FitSamples samples, float[] pooled, RecipeOptions options, bool oneUnit = false)
    {
        var (band, unit, quantiles) = (new float[s_knots * BandFeatures.Count], new float[s_knots], new float[s_knots * 3]);
        var residuals = new float[samples.Origins];
        Span<float> row = stackalloc float[NormalEquations.Width];
        for (var knot = 0; knot < s_knots; knot++)
        {
            var logUnit = oneUnit ? 0 : LogUnit(samples, knot);
            var sums = new NormalEquations();
            Accumulate(samples, knot, MathF.Exp(logUnit), sums);
            var at = knot * BandFeatures.Count;
            var w = oneUnit ? pooled[at..(at + BandFeatures.Count)] : sums.Solve(BandFeatures.Count, options.BandShrinkage, 0, pooled.AsSpan(at, BandFeatures.Count));
            w.CopyTo(band, at);

            // renormalised, so that the mean of |r| / U is 1
            double total = 0;
            var count = 0;
            for (var e = 0; e < samples.Origins; e++)
            {
                var r = Residual(samples, e, knot, row);
                if (!float.IsFinite(r))
                    continue;
                var width = MathF.Exp(logUnit + Math.Clamp(LinearBase.Dot(w, row[..BandFeatures.Count]), -LogCap, LogCap));
                residuals[count++] = r / width;
                total += Math.Abs(r / width);
            }

            if (count == 0)
                continue;
            var mean = Math.Max((float)(total / count), 1e-6f);
            unit[knot] = logUnit + MathF.Log(mean);
            var sorted = residuals.AsSpan(0, count);
            sorted.Sort();
            for (var q = 0; q < 3; q++)
                quantiles[(knot * 3) + q] = (float)Statistics.QuantileOfSorted(sorted, Protocol.Quantiles[q]) / mean;
        }

        Smooth(unit, 1);
        Smooth(quantiles, 3);
        return (band, unit, quantiles);
    }

    /// <summary>The features of an origin's band at a knot go into the row; its residual comes back.</summary>
    private static float Residual(FitSamples samples, int origin, int knot, Span<float> row)
    {
        var at = (origin * s_knots) + knot;
        if (!float.IsFinite(samples.Targets[at]))
            return float.NaN;
        Span<float> features = stackalloc float[LeadFeatures.Count];
        samples.Row(origin, knot, features);
        var forecast = samples.Forecast[at];
        var state = samples.State.AsSpan(origin * OriginState.Count, OriginState.Count);
        row.Clear();
        BandFeatures.Common8(state, row);
        BandFeatures.Lead(state, samples.Spread[at], forecast, features[LeadFeatures.Common], features[LeadFeatures.Common + 2], features[LeadFeatures.Common + 1], row);
        return samples.Targets[at] - forecast;
    }

    private static float LogUnit(FitSamples samples, int knot)
    {
        double total = 0;
        var count = 0;
        for (var at = knot; at < samples.Targets.Length; at += s_knots)
        {
            if (!float.IsFinite(samples.Targets[at]))
                continue;
            total += Math.Abs(samples.Targets[at] - samples.Forecast[at]);
            count++;
        }

        return MathF.Log(Math.Max(count == 0 ? 1 : (float)(total / count), LeastUnit));
    }

    private static void Accumulate(FitSamples samples, int knot, float unit, NormalEquations sums)
    {
        Span<float> row = stackalloc float[NormalEquations.Width];
        for (var e = 0; e < samples.Origins; e++)
        {
            var r = Residual(samples, e, knot, row);
            if (float.IsFinite(r))
                sums.Add(row, MathF.Log(Math.Abs(r / unit) + Offset), 1);
        }
    }

    /// <summary>Each knot takes a quarter of either neighbour.</summary>
    private static void Smooth(float[] values, int stride)
    {
        var raw = values.ToArray();
        for (var k = 1; k < s_knots - 1; k++)
        {
            for (var j = 0; j < stride; j++)
                values[(k * stride) + j] = (raw[(k * stride) + j] / 2) + ((raw[((k - 1) * stride) + j] + raw[((k + 1) * stride) + j]) / 4);
        }
    }
}
