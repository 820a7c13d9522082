using System.Runtime.CompilerServices;

namespace Tft.Contract.Metrics;

/// <summary>One value per metric, in place; NaN is "not measured".</summary>
[InlineArray(MetricCatalog.Count)]
public struct MetricValues
{
    private float _first;

    /// <summary>A set in which nothing was measured.</summary>
    public static MetricValues Missing
    {
        get
        {
            MetricValues values = default;
            ((Span<float>)values).Fill(float.NaN);
            return values;
        }
    }

    public readonly float Get(Metric metric) => this[(int)metric];

    public void Set(Metric metric, float value) => this[(int)metric] = value;

    public readonly bool Has(Metric metric) => !float.IsNaN(this[(int)metric]);
}
