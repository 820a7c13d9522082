using Tft.Contract.Metrics;

namespace Tft.Inference.Forecasts.Snapshots;

/// <summary>
/// Forecasts of the servers of a block, 16 bits a value: each series [3 x 96] of a server and metric is stored on its own scale from its
/// smallest to its largest value, so the error is at most 1/131,070 of that range; a half would be off by up to 0.03 at 70 %.
/// </summary>
internal sealed class QuantizedForecasts
{
    private const int SeriesLength = ForecastShape.Quantiles * ForecastShape.Steps;
    private const int PerServer = ForecastShape.Metrics * SeriesLength;

    private readonly ushort[] _values;
    private readonly Scale[] _scales;

    public QuantizedForecasts(int servers)
    {
        _values = new ushort[servers * PerServer];
        _scales = new Scale[servers * ForecastShape.Metrics];
    }

    public long Bytes => (_values.Length * sizeof(ushort)) + (_scales.Length * 2L * sizeof(float));

    /// <summary>Takes over the forecasts of the first servers of an older block.</summary>
    public void CopyFrom(QuantizedForecasts other, int servers)
    {
        other._values.AsSpan(0, servers * PerServer).CopyTo(_values);
        other._scales.AsSpan(0, servers * ForecastShape.Metrics).CopyTo(_scales);
    }

    /// <summary>Stores a server's forecast [96 x 14 x 3].</summary>
    public void Set(int server, ReadOnlySpan<float> quantiles)
    {
        for (var metric = 0; metric < ForecastShape.Metrics; metric++)
        {
            float low = float.PositiveInfinity, high = float.NegativeInfinity;
            for (var step = 0; step < ForecastShape.Steps; step++)
            {
                var at = ForecastShape.At(step, metric);
                low = Math.Min(low, quantiles[at]);
                high = Math.Max(high, quantiles[at + 2]);
            }

            var scale = new Scale(low, (high - low) / ushort.MaxValue);
            _scales[(server * ForecastShape.Metrics) + metric] = scale;
            if (float.IsNaN(scale.Low))
                continue;
            var inverse = scale.Step > 0 ? 1 / scale.Step : 0;
            var series = _values.AsSpan((server * PerServer) + (metric * SeriesLength), SeriesLength);
            for (var step = 0; step < ForecastShape.Steps; step++)
            {
                var at = ForecastShape.At(step, metric);
                for (var quantile = 0; quantile < ForecastShape.Quantiles; quantile++)
                    series[(quantile * ForecastShape.Steps) + step] = (ushort)Math.Min(ushort.MaxValue, ((quantiles[at + quantile] - low) * inverse) + 0.5f);
            }
        }
    }

    /// <summary>False where the metric was never measured and so has no forecast.</summary>
    public bool Has(int server, Metric metric) => !float.IsNaN(_scales[(server * ForecastShape.Metrics) + (int)metric].Low);

    /// <summary>One value; <paramref name="quantile"/> 0, 1, 2 are p10, p50, p90.</summary>
    public float Get(int server, Metric metric, int quantile, int step)
    {
        var scale = _scales[(server * ForecastShape.Metrics) + (int)metric];
        return scale.Low + (scale.Step * _values[(server * PerServer) + ((int)metric * SeriesLength) + (quantile * ForecastShape.Steps) + step]);
    }

    /// <summary>A whole series: [96] of one quantile.</summary>
    public void Get(int server, Metric metric, int quantile, Span<float> series)
    {
        var scale = _scales[(server * ForecastShape.Metrics) + (int)metric];
        var values = _values.AsSpan((server * PerServer) + ((int)metric * SeriesLength) + (quantile * ForecastShape.Steps), ForecastShape.Steps);
        for (var step = 0; step < values.Length; step++)
            series[step] = scale.Low + (scale.Step * values[step]);
    }

    private readonly record struct Scale(float Low, float Step);
}
