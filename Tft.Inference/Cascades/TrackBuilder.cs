using Tft.Contract.Servers;
using Tft.Contract.Metrics;
using Tft.Inference.Forecasts;
using Tft.Inference.Risk;

namespace Tft.Inference.Cascades;

/// <summary>Makes tracks of measured values and forecasts, by the thresholds that the risk itself has.</summary>
internal sealed class TrackBuilder(ThresholdTable thresholds)
{
    private const float SecondShare = 0.25f;
    private const float LargestStrain = 4;

    private readonly float[] _usual = new float[RiskMetrics.Count];
    private readonly List<float> _sorted = [];

    /// <param name="name">Of the server.</param>
    /// <param name="profile">Of the server.</param>
    /// <param name="loadMedian">What its load thresholds are multiples of; NaN for a newcomer.</param>
    /// <param name="measured">[steps x 14], oldest first; NaN where not measured. The usual value of a metric is its median in these.</param>
    /// <param name="lastMeasured">Position in the track of the last of them.</param>
    /// <param name="quantiles">[96 x 14 x 3]; NaN where there is no forecast. Empty for none.</param>
    /// <param name="firstForecast">Position of the first of them: what is measured comes before what was forecast.</param>
    public RiskTrack Build(
        string name, ServerProfile profile, float loadMedian, ReadOnlySpan<float> measured, int lastMeasured, ReadOnlySpan<float> quantiles, int firstForecast)
    {
        var (risk, strain, leading) = (new float[RiskTrack.Steps], new float[RiskTrack.Steps], new RiskMetric[RiskTrack.Steps]);
        Array.Fill(risk, float.NaN);
        Array.Fill(strain, float.NaN);
        var rows = measured.Length / MetricCatalog.Count;
        FindUsual(measured, rows);
        Span<Thresholds> limits = stackalloc Thresholds[RiskMetrics.Count];
        foreach (var metric in RiskMetrics.All)
            limits[(int)metric.Id] = thresholds.Get(profile, metric.Id, loadMedian);

        for (var row = 0; row < rows; row++)
        {
            var at = lastMeasured - (rows - 1 - row);
            if (at is < 0 or >= RiskTrack.Steps)
                continue;
            var each = new Step();
            foreach (var metric in RiskMetrics.All)
            {
                var value = RiskSeries.Measured(metric.Id, measured.Slice(row * MetricCatalog.Count, MetricCatalog.Count));
                each.See(metric.Id, limits[(int)metric.Id].Severity(value), Strain(value, metric.Id, limits));
            }

            each.Write(at, risk, strain, leading);
        }

        for (var step = 0; step < (quantiles.IsEmpty ? 0 : ForecastShape.Steps); step++)
        {
            var at = firstForecast + step;
            if (at <= lastMeasured || at is < 0 or >= RiskTrack.Steps)
                continue;
            var each = new Step();
            foreach (var metric in RiskMetrics.All)
            {
                var (_, middle, high) = RiskSeries.Forecast(metric.Id, quantiles, step);
                each.See(metric.Id, (limits[(int)metric.Id].Severity(middle) + limits[(int)metric.Id].Severity(high)) / 2, Strain(middle, metric.Id, limits));
            }

            each.Write(at, risk, strain, leading);
        }

        return new RiskTrack(name, profile.Name(), risk, strain, leading);
    }

    private void FindUsual(ReadOnlySpan<float> measured, int rows)
    {
        foreach (var metric in RiskMetrics.All)
        {
            _sorted.Clear();
            for (var row = 0; row < rows; row++)
            {
                var value = RiskSeries.Measured(metric.Id, measured.Slice(row * MetricCatalog.Count, MetricCatalog.Count));
                if (!float.IsNaN(value))
                    _sorted.Add(value);
            }

            _sorted.Sort();
            _usual[(int)metric.Id] = _sorted.Count == 0 ? float.NaN : _sorted[_sorted.Count / 2];
        }
    }

    /// <summary>0 at the usual value or below, 1 at watch; where the usual value is near watch already, a tenth of watch is the way.</summary>
    private float Strain(float value, RiskMetric metric, ReadOnlySpan<Thresholds> limits)
    {
        var (usual, watch) = (_usual[(int)metric], limits[(int)metric].Watch);
        return Math.Clamp((value - usual) / Math.Max(watch - usual, watch * 0.1f), 0, LargestStrain);
    }

    /// <summary>One step of a server over its metrics.</summary>
    private struct Step
    {
        private float _first;
        private float _second;
        private float _strain;
        private bool _isKnown;
        private RiskMetric _leading;

        public void See(RiskMetric metric, float severity, float strain)
        {
            if (float.IsNaN(strain))
                return;
            if (!_isKnown || severity > _first || (_first == 0 && strain > _strain))
                _leading = metric;
            if (severity > _first)
                (_first, _second) = (severity, _first);
            else if (severity > _second)
                _second = severity;
            _strain = Math.Max(_strain, strain);
            _isKnown = true;
        }

        public readonly void Write(int at, float[] risk, float[] strain, RiskMetric[] leading)
        {
            if (_isKnown)
                (risk[at], strain[at], leading[at]) = (Math.Min(RiskLevels.Max, _first + (SecondShare * _second)), _strain, _leading);
        }
    }
}
