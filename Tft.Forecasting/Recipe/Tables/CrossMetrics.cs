using Tft.Forecasting.Recipe.Base;

namespace Tft.Forecasting.Recipe.Tables;

/// <summary>
/// What the last anomalies of all metrics of a server say of each of them beyond its own base: a ridge on the residuals of the base, for the
/// leads at which it lasts. Two features of each metric: its anomaly now, and its mean over half an hour.
/// </summary>
internal static class CrossMetrics
{
    /// <summary>Features of each metric.</summary>
    public const int PerMetric = 2;

    /// <summary>Knots at which they say anything: up to two hours ahead.</summary>
    public const int Knots = 13;

    private const int Recent = 6;
    private const float Cap = 4;

    /// <summary>Fills the features [metrics * 2] of a window.</summary>
    public static void Fill(WindowView view, Span<float> features)
    {
        for (var m = 0; m < view.Tables.Count; m++)
        {
            var a = view.Anomalies(m);
            float sum = 0;
            foreach (var v in a[^Recent..])
                sum += v;
            features[m * PerMetric] = Math.Clamp(a[^1], -Cap, Cap);
            features[(m * PerMetric) + 1] = Math.Clamp(sum / Recent, -Cap, Cap);
        }
    }

    /// <summary>Coefficients [metrics][13, metrics * 2]; the last knot's are zero, so that the effect fades out.</summary>
    /// <param name="features">[origins, metrics * 2].</param>
    /// <param name="samples">The metrics' samples at the same origins.</param>
    /// <param name="bases">The metrics' base coefficients.</param>
    /// <param name="strength">The ridge for one step ahead; it grows with the lead.</param>
    public static float[][] Fit(float[] features, FitSamples[] samples, float[][] bases, double strength)
    {
        var (metrics, knots) = (samples.Length, Knots - 1);
        var (width, origins) = (metrics * PerMetric, samples[0].Origins);
        var coefficients = new float[metrics][];
        for (var m = 0; m < metrics; m++)
            coefficients[m] = new float[Knots * width];
        var targets = metrics * knots;
        var (gram, right) = (new double[width * width], new double[width * targets]);
        var residuals = new float[targets];
        for (var e = 0; e < origins; e++)
        {
            var f = features.AsSpan(e * width, width);
            Residuals(samples, bases, e, residuals);
            for (var i = 0; i < width; i++)
            {
                var row = right.AsSpan(i * targets, targets);
                for (var t = 0; t < targets; t++)
                    row[t] += f[i] * residuals[t];
                for (var k = 0; k < width; k++)
                    gram[(i * width) + k] += f[i] * f[k];
            }
        }

        for (var k = 0; k < knots; k++)
        {
            var (a, b) = (gram.ToArray(), new double[width * metrics]);
            for (var i = 0; i < width; i++)
            {
                a[(i * width) + i] += strength * LeadKnots.Leads[k];
                for (var m = 0; m < metrics; m++)
                    b[(i * metrics) + m] = right[(i * targets) + (m * knots) + k];
            }

            Cholesky.Solve(a, b, width, metrics);
            for (var m = 0; m < metrics; m++)
            {
                for (var i = 0; i < width; i++)
                    coefficients[m][(k * width) + i] = (float)b[(i * metrics) + m];
            }
        }

        return coefficients;
    }

    // a gap says nothing: its residual is 0
    private static void Residuals(FitSamples[] samples, float[][] bases, int origin, float[] residuals)
    {
        Span<float> row = stackalloc float[LeadFeatures.Count];
        for (var m = 0; m < samples.Length; m++)
        {
            for (var k = 0; k < Knots - 1; k++)
            {
                var y = samples[m].Targets[(origin * LeadKnots.Count) + k];
                samples[m].Row(origin, k, row);
                var r = y - LinearBase.Dot(bases[m].AsSpan(k * LeadFeatures.Count, LeadFeatures.Count), row);
                residuals[(m * (Knots - 1)) + k] = float.IsFinite(r) ? Math.Clamp(r, -Cap, Cap) : 0;
            }
        }
    }
}
