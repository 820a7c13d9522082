using Tft.Contract.Metrics;

namespace Tft.Inference.Forecasts;

/// <summary>A set of metrics, one bit each.</summary>
internal readonly record struct MetricMask(int Bits)
{
    public static MetricMask All { get; } = new((1 << MetricCatalog.Count) - 1);

    public bool Has(Metric metric) => (Bits & (1 << (int)metric)) != 0;

    public int Count => int.PopCount(Bits);

    public MetricMask With(Metric metric) => new(Bits | (1 << (int)metric));

    public MetricMask Without(Metric metric) => new(Bits & ~(1 << (int)metric));
}
