using Tft.Adapters.Mapping;

namespace Tft.Adapters.Sources.Host;

/// <summary>Which file of the kernel each metric comes from, for <c>--verbose</c>.</summary>
internal static class HostOrigins
{
    public static Dictionary<string, FieldTrace> Fields { get; } = new(StringComparer.Ordinal)
    {
        ["timestamp"] = new("clock", ""),
        ["server_name"] = new("host name", ""),
        ["cpu_user_pct"] = new("/proc/stat cpu", "user + nice"),
        ["cpu_sys_pct"] = new("/proc/stat cpu", "system + irq + steal"),
        ["cpu_iowait_pct"] = new("/proc/stat cpu", "iowait"),
        ["cpu_idle_pct"] = new("/proc/stat cpu", "idle"),
        ["java_cpu_pct"] = new("/proc/PID/stat", "processes named java"),
        ["mem_used_pct"] = new("/proc/meminfo", "total - available"),
        ["swap_used_pct"] = new("/proc/meminfo", "total - free"),
        ["disk_usage_pct"] = new("statvfs", "used / usable"),
        ["net_in_mb_s"] = new("/proc/net/dev", "bytes received"),
        ["net_out_mb_s"] = new("/proc/net/dev", "bytes sent"),
        ["front_close_wait"] = new("/proc/net/tcp, tcp6", "local port listens"),
        ["back_close_wait"] = new("/proc/net/tcp, tcp6", "all others"),
        ["load_average"] = new("/proc/loadavg", "1 minute"),
        ["uptime_days"] = new("/proc/uptime", "seconds"),
    };
}
