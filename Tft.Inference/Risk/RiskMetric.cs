using System.Collections.Immutable;
using Tft.Contract.Metrics;

namespace Tft.Inference.Risk;

/// <summary>What a server can fail of. High is bad for each; CPU use is 100 minus idle.</summary>
internal enum RiskMetric : byte
{
    CpuUsed,
    CpuIoWait,
    Memory,
    Swap,
    Disk,
    BackCloseWait,
    FrontCloseWait,
    Load,
}

/// <summary>What thresholds of a metric are multiples of.</summary>
internal enum ThresholdBase : byte
{
    /// <summary>Nothing: they are values.</summary>
    Absolute,

    /// <summary>The profile's usual value.</summary>
    Profile,

    /// <summary>The server's own median, at least the profile's usual value and 1.</summary>
    OwnMedian,
}

/// <summary>Names, units and default thresholds.</summary>
/// <param name="Id">Which.</param>
/// <param name="Wire">The metric of the contract that reasons and alerts name.</param>
/// <param name="Noun">For sentences.</param>
/// <param name="Unit">After a number, with its space.</param>
/// <param name="Key">Its name in the settings.</param>
/// <param name="Base">What its thresholds are multiples of.</param>
/// <param name="Default">Thresholds without settings.</param>
internal sealed record RiskMetricDefinition(
    RiskMetric Id, string Key, Metric Wire, string Noun, string Unit, ThresholdBase Base, Thresholds Default);

internal static class RiskMetrics
{
    public const int Count = 8;

    public static ImmutableArray<RiskMetricDefinition> All { get; } =
    [
        new(RiskMetric.CpuUsed, "cpu_used", Metric.CpuIdle, "CPU use", " %", ThresholdBase.Absolute, new(80, 90, 95, 100)),
        new(RiskMetric.CpuIoWait, "cpu_iowait_pct", Metric.CpuIoWait, "I/O wait", " %", ThresholdBase.Absolute, new(10, 20, 30, 60)),
        new(RiskMetric.Memory, "mem_used_pct", Metric.MemUsed, "memory", " %", ThresholdBase.Absolute, new(85, 90, 95, 100)),
        new(RiskMetric.Swap, "swap_used_pct", Metric.SwapUsed, "swap", " %", ThresholdBase.Absolute, new(10, 25, 50, 80)),
        new(RiskMetric.Disk, "disk_usage_pct", Metric.DiskUsage, "disk", " %", ThresholdBase.Absolute, new(80, 85, 95, 100)),
        new(RiskMetric.BackCloseWait, "back_close_wait", Metric.BackCloseWait, "backend CLOSE_WAIT", "", ThresholdBase.Profile, new(3, 5, 8, 12)),
        new(RiskMetric.FrontCloseWait, "front_close_wait", Metric.FrontCloseWait, "frontend CLOSE_WAIT", "", ThresholdBase.Profile, new(3, 5, 8, 12)),
        new(RiskMetric.Load, "load_average", Metric.LoadAverage, "load", "", ThresholdBase.OwnMedian, new(2, 3, 4, 6)),
    ];

    public static RiskMetricDefinition Get(RiskMetric metric) => All[(int)metric];
}
