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
