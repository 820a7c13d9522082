using Tft.Contract.Metrics;

namespace Tft.Dashboard.Insights;

/// <summary>What usually helps, by the metric that is the problem. General advice, not a diagnosis: it says so on the page.</summary>
internal static class Advice
{
    public static string NameOf(string metric) => metric is "cpu_idle_pct" or "cpu_used" ? "CPU" : MetricCatalog.Find(metric)?.Label ?? Text.Strings.Words(metric);

    public static string For(string metric) => metric switch
    {
        "cpu_idle_pct" or "cpu_user_pct" or "cpu_sys_pct" or "java_cpu_pct" or "cpu_used" => "Move or postpone batch work before the time of the crossing, or add capacity; look for one process that takes it all.",
        "cpu_iowait_pct" => "Find what reads and writes: a backup, a reindex, a failing disk. Spread it over time.",
        "mem_used_pct" => "Compare with the last restart: steady growth is a leak, so plan a restart before the crossing; a step is a new load, so move it.",
        "swap_used_pct" => "Memory ran out earlier: find the process that grew, and free memory before the swap slows everything.",
        "disk_usage_pct" => "Delete or move logs and old data now; a full disk stops services at once. Check what grew last.",
        "load_average" => "More work waits than the cores can take: lower concurrency, or move part of it to a quiet server of the same profile.",
        "back_close_wait" or "front_close_wait" => "Connections are not being closed: restart the service that holds them and look for a missing close or timeout.",
        _ => "Look at its chart and at what changed just before.",
    };
}
