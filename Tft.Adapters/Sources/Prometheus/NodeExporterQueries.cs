namespace Tft.Adapters.Sources.Prometheus;

/// <summary>The contract's metrics in PromQL over what node_exporter exposes. java_cpu_pct and front_close_wait it does not know.</summary>
internal static class NodeExporterQueries
{
    private const string RealDevices = "device!~\"lo|veth.*|docker.*|br-.*|virbr.*|cni.*|flannel.*|cali.*|dummy.*\"";
    private const string Root = "mountpoint=\"/\",fstype!=\"rootfs\"";

    /// <param name="label">The label that names the server.</param>
    /// <param name="selector">Further matchers, or nothing.</param>
    /// <param name="range">Over what rates are taken.</param>
    public static IReadOnlyDictionary<string, string> All(string label, string selector, string range)
    {
        var and = selector.Length == 0 ? "" : "," + selector;
        // As a share of all modes, not of the time: so the parts sum to 100 also where a series has only begun and rates fall short.
        string Cpu(string modes) =>
            $"100 * sum by ({label}) (rate(node_cpu_seconds_total{{mode=~\"{modes}\"{and}}}[{range}])) / sum by ({label}) (rate(node_cpu_seconds_total{{{selector}}}[{range}]))";
        string Gauge(string name) => $"{name}{{{selector}}}";
        string Network(string direction) => $"sum by ({label}) (rate(node_network_{direction}_bytes_total{{{RealDevices}{and}}}[{range}])) / 1e6";
        string FileSystem(string name) => $"node_filesystem_{name}_bytes{{{Root}{and}}}";
        var used = $"({FileSystem("size")} - {FileSystem("free")})";
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cpu_user_pct"] = Cpu("user|nice"),
            ["cpu_sys_pct"] = Cpu("system|irq|softirq|steal"),
            ["cpu_iowait_pct"] = Cpu("iowait"),
            ["cpu_idle_pct"] = Cpu("idle"),
            ["mem_used_pct"] = $"max by ({label}) (100 * (1 - {Gauge("node_memory_MemAvailable_bytes")} / {Gauge("node_memory_MemTotal_bytes")}))",
            // No swap at all is 0 % in use; the division alone would give nothing.
            ["swap_used_pct"] = $"max by ({label}) (100 * (1 - {Gauge("node_memory_SwapFree_bytes")} / ({Gauge("node_memory_SwapTotal_bytes")} > 0)) or ({Gauge("node_memory_SwapTotal_bytes")} == 0))",
            ["disk_usage_pct"] = $"max by ({label}) (100 * {used} / ({used} + {FileSystem("avail")}))",
            ["net_in_mb_s"] = Network("receive"),
            ["net_out_mb_s"] = Network("transmit"),
            ["load_average"] = $"max by ({label}) ({Gauge("node_load1")})",
            ["uptime_days"] = $"max by ({label}) (({Gauge("node_time_seconds")} - {Gauge("node_boot_time_seconds")}) / 86400)",
            // Only with the tcpstat collector, which knows no difference between front and back.
            // A state without a socket has no series: where others have one, it is 0.
            ["back_close_wait"] = $"max by ({label}) (node_tcp_connection_states{{state=\"close_wait\"{and}}}) or 0 * max by ({label}) ({Gauge("node_tcp_connection_states")})",
        };
    }
}
