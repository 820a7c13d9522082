namespace Tft.Forecasting.Recipe.Tables;

/// <summary>How the anomalies of the other metrics of a server bear on a metric: sign(rho) rho^2 / (sum rho^2 + .1), rho their correlation.</summary>
internal static class CrossWeights
{
    private const double Ridge = 0.1;

    /// <summary>[metrics, metrics] from anomalies [metrics][steps]; a step at which either is missing is left out.</summary>
    public static float[] Of(float[][] anomalies)
    {
        var n = anomalies.Length;
        var weights = new float[n * n];
        var rho = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
                rho[(i * n) + j] = rho[(j * n) + i] = Correlation(anomalies[i], anomalies[j]);
        }

        for (var i = 0; i < n; i++)
        {
            double total = Ridge;
            for (var j = 0; j < n; j++)
                total += rho[(i * n) + j] * rho[(i * n) + j];
            for (var j = 0; j < n; j++)
                weights[(i * n) + j] = (float)(Math.Sign(rho[(i * n) + j]) * rho[(i * n) + j] * rho[(i * n) + j] / total);
        }

        return weights;
    }

    private static double Correlation(float[] a, float[] b)
    {
        double n = 0, sa = 0, sb = 0, aa = 0, bb = 0, ab = 0;
        for (var i = 0; i < a.Length; i++)
        {
            double u = a[i], v = b[i];
            if (double.IsNaN(u) || double.IsNaN(v))
                continue;
            n++;
            sa += u;
            sb += v;
            aa += u * u;
            bb += v * v;
            ab += u * v;
        }

        var (va, vb) = ((n * aa) - (sa * sa), (n * bb) - (sb * sb));
        return va > 1e-12 * n * aa && vb > 1e-12 * n * bb ? ((n * ab) - (sa * sb)) / Math.Sqrt(va * vb) : 0;
    }
}
