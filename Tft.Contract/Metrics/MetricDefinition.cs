namespace Tft.Contract.Metrics;

/// <summary>How the values of a five-minute bucket become one.</summary>
public enum BucketRule
{
    Mean,
    Last,
}

/// <summary>What a metric is: its name on the wire, unit, range and how it is averaged.</summary>
/// <param name="Id">Position in every array.</param>
/// <param name="Name">Field name on the wire, for example <c>cpu_user_pct</c>.</param>
/// <param name="Label">For people, for example <c>CPU user</c>.</param>
/// <param name="Unit">Unit for people: <c>%</c>, <c>MB/s</c>, <c>days</c>, or empty.</param>
/// <param name="Min">Smallest valid value, inclusive.</param>
/// <param name="Max">Largest valid value, inclusive; <see cref="float.MaxValue"/> where there is none.</param>
/// <param name="Rule">Mean or last of a bucket.</param>
/// <param name="IsInteger">True where only whole numbers are valid.</param>
public sealed record MetricDefinition(
    Metric Id, string Name, string Label, string Unit, float Min, float Max, BucketRule Rule, bool IsInteger)
{
    public bool IsPercent => Unit == "%";

    /// <summary>Brings a forecast into the metric's range.</summary>
    public float Clamp(float value) => Math.Clamp(value, Min, Max);
}
