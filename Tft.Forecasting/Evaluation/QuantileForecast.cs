namespace Tft.Forecasting.Evaluation;

/// <summary>Quantile forecasts of one server: values [origins, 96, metrics, 3] of p10, p50, p90, row by row.</summary>
public sealed record QuantileForecast(int Origins, int Metrics, float[] Values)
{
    /// <summary>Quantiles of a forecast.</summary>
    public const int Quantiles = 3;

    /// <summary>An empty forecast of this shape.</summary>
    public QuantileForecast(int origins, int metrics)
        : this(origins, metrics, new float[checked(origins * Data.Protocol.Horizon * metrics * Quantiles)])
    {
    }

    /// <summary>The three quantiles of an origin, a lead (0 is one step ahead) and a metric.</summary>
    public Span<float> At(int origin, int lead, int metric) =>
        Values.AsSpan(((((origin * Data.Protocol.Horizon) + lead) * Metrics) + metric) * Quantiles, Quantiles);

    /// <summary>Sets the three quantiles, sorted, so that they never cross.</summary>
    public void Set(int origin, int lead, int metric, float p10, float p50, float p90)
    {
        var q = At(origin, lead, metric);
        if (p10 > p50)
            (p10, p50) = (p50, p10);
        if (p50 > p90)
            (p50, p90) = (p90, p50);
        if (p10 > p50)
            (p10, p50) = (p50, p10);
        (q[0], q[1], q[2]) = (p10, p50, p90);
    }
}
