using System.Globalization;
using Tft.Contract.Metrics;
using Tft.Contract.Problems;
using Tft.Inference.Forecasts;

namespace Tft.Inference.Serving.Predict;

/// <summary>What GET /predict was asked for.</summary>
internal sealed record PredictQuery
{
    public const int DefaultLimit = 1000;
    public const int MaximumLimit = 5000;

    /// <summary>Only these servers, in this order; null for all.</summary>
    public IReadOnlyList<string>? Servers { get; init; }
    public MetricMask Metrics { get; init; } = MetricMask.All;
    public float MinRisk { get; init; }

    /// <summary>The n servers of highest risk, worst first.</summary>
    public int? Top { get; init; }

    /// <summary>Name of the last server of the page before.</summary>
    public string? After { get; init; }
    public int Limit { get; init; } = DefaultLimit;

    /// <summary>True for a plain page, whose parts are kept with the blocks.</summary>
    public bool IsPlain => Servers is null && Metrics == MetricMask.All && MinRisk <= 0 && Top is null;

    /// <summary>Reads the parameters, or says which one is wrong and why.</summary>
    public static bool TryParse(IQueryCollection parameters, out PredictQuery query, out Problem? problem)
    {
        query = new PredictQuery();
        problem = null;
        foreach (var (name, values) in parameters)
        {
            var text = values.ToString();
            switch (name)
            {
                case "servers":
                    query = query with { Servers = Split(text) };
                    if (query.Servers!.Count > MaximumLimit)
                        problem = BadParameter.Of(name, $"at most {MaximumLimit} names");
                    break;
                case "metrics":
                    problem = TryMetrics(text, out var mask) is { } unknown
                        ? BadParameter.Of(name, $"'{unknown}' is no metric; known are {string.Join(", ", MetricCatalog.All.Select(m => m.Name))}")
                        : null;
                    query = query with { Metrics = mask };
                    break;
                case "min_risk":
                    if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var risk) || risk is not (>= 0 and <= 100))
                        problem = BadParameter.Of(name, $"'{text}' is not a number from 0 to 100");
                    query = query with { MinRisk = risk };
                    break;
                case "top":
                    problem = TryCount(name, text, out var top);
                    query = query with { Top = top };
                    break;
                case "limit":
                    problem = TryCount(name, text, out var limit);
                    query = query with { Limit = limit };
                    break;
                case "after":
                    query = query with { After = text };
                    break;
            }

            if (problem is not null)
                return false;
        }

        return true;
    }

    private static Problem? TryCount(string name, string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= MaximumLimit
            ? null
            : BadParameter.Of(name, $"'{text}' is not a whole number from 1 to {MaximumLimit}");

    private static string? TryMetrics(string text, out MetricMask mask)
    {
        mask = default;
        foreach (var name in Split(text))
        {
            if (MetricCatalog.Find(name) is not { } metric)
                return name;
            mask = mask.With(metric.Id);
        }

        return null;
    }

    private static string[] Split(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
