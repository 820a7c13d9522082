using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Tft.Contract.Metrics;

/// <summary>All metrics of the contract, by position and by name.</summary>
public static class MetricCatalog
{
    public const int Count = 14;

    public static ImmutableArray<MetricDefinition> All { get; } =
    [
        Percent(Metric.CpuUser, "cpu_user_pct", "CPU user"),
        Percent(Metric.CpuSys, "cpu_sys_pct", "CPU system"),
        Percent(Metric.CpuIoWait, "cpu_iowait_pct", "CPU I/O wait"),
        Percent(Metric.CpuIdle, "cpu_idle_pct", "CPU idle"),
        Percent(Metric.JavaCpu, "java_cpu_pct", "Java CPU"),
        Percent(Metric.MemUsed, "mem_used_pct", "Memory used"),
        Percent(Metric.SwapUsed, "swap_used_pct", "Swap used"),
        Percent(Metric.DiskUsage, "disk_usage_pct", "Disk used"),
        new(Metric.NetIn, "net_in_mb_s", "Network in", "MB/s", 0, float.MaxValue, BucketRule.Mean, false),
        new(Metric.NetOut, "net_out_mb_s", "Network out", "MB/s", 0, float.MaxValue, BucketRule.Mean, false),
        new(Metric.BackCloseWait, "back_close_wait", "Backend CLOSE_WAIT", "", 0, float.MaxValue, BucketRule.Last, true),
        new(Metric.FrontCloseWait, "front_close_wait", "Frontend CLOSE_WAIT", "", 0, float.MaxValue, BucketRule.Last, true),
        new(Metric.LoadAverage, "load_average", "Load average", "", 0, float.MaxValue, BucketRule.Mean, false),
        new(Metric.UptimeDays, "uptime_days", "Uptime", "days", 0, float.MaxValue, BucketRule.Last, false),
    ];

    private static readonly FrozenDictionary<string, MetricDefinition> s_byName =
        All.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);

    public static MetricDefinition Get(Metric metric) => All[(int)metric];

    /// <summary>The metric of this wire name, or null.</summary>
    public static MetricDefinition? Find(string name) => s_byName.GetValueOrDefault(name);

    private static MetricDefinition Percent(Metric id, string name, string label) =>
        new(id, name, label, "%", 0, 100, BucketRule.Mean, false);
}
