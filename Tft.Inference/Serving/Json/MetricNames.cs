using System.Collections.Immutable;
using System.Text.Json;
using Tft.Contract.Metrics;

namespace Tft.Inference.Serving.Json;

/// <summary>Names of the metrics, encoded once.</summary>
internal static class MetricNames
{
    public static ImmutableArray<JsonEncodedText> All { get; } = [.. MetricCatalog.All.Select(m => JsonEncodedText.Encode(m.Name))];

    public static JsonEncodedText Of(Metric metric) => All[(int)metric];
}

/// <summary>A set of metrics, one bit each.</summary>
internal readonly record struct MetricMask(int Bits)
{
    public static MetricMask All { get; } = new((1 << MetricCatalog.Count) - 1);

    public bool Has(Metric metric) => (Bits & (1 << (int)metric)) != 0;

    public MetricMask With(Metric metric) => new(Bits | (1 << (int)metric));
}
