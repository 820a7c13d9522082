using Tft.Contract.Metrics;
using Tft.Contract.Records;

namespace Tft.Adapters.Seeding.Targets;

/// <summary>What node_exporter would expose for simulated servers of 16 processors, 64 GiB of memory, 8 GiB of swap and a disk of 500 GB.</summary>
internal static class NodeExporterSeries
{
    private const double Processors = 16, Memory = 64.0 * (1 << 30), Swap = 8.0 * (1 << 30), Disk = 500e9;

    private static readonly (string Name, string Value)[] s_disk = [("device", "/dev/sda1"), ("fstype", "ext4"), ("mountpoint", "/")];
    private static readonly (string Name, string Value)[] s_network = [("device", "eth0")];
    private static readonly (string Mode, Metric Metric)[] s_modes = [("user", Metric.CpuUser), ("system", Metric.CpuSys), ("iowait", Metric.CpuIoWait), ("idle", Metric.CpuIdle)];

    /// <summary>The series of one server with the points of its samples: seconds since 1970, value. Oldest first, as the samples are.</summary>
    public static IEnumerable<(string Name, (string Name, string Value)[] Labels, List<(long At, double Value)> Points)> Of(IEnumerable<MetricRecord> ofOneServer, GrowingCounters counters)
    {
        var series = new Dictionary<(string, object), (string, (string, string)[], List<(long, double)>)>();
        foreach (var sample in ofOneServer)
        {
            foreach (var (mode, metric) in s_modes)
                Add(sample, "node_cpu_seconds_total", mode, [("cpu", "0"), ("mode", mode)], Count(sample, metric, Processors / 100));
            Add(sample, "node_memory_MemTotal_bytes", "", [], Memory);
            Add(sample, "node_memory_MemAvailable_bytes", "", [], Memory * (1 - (Value(sample, Metric.MemUsed) / 100)));
            Add(sample, "node_memory_SwapTotal_bytes", "", [], Swap);
            Add(sample, "node_memory_SwapFree_bytes", "", [], Swap * (1 - (Value(sample, Metric.SwapUsed) / 100)));
            Add(sample, "node_filesystem_size_bytes", "", s_disk, Disk);
            Add(sample, "node_filesystem_free_bytes", "", s_disk, Disk * (1 - (Value(sample, Metric.DiskUsage) / 100)));
            Add(sample, "node_filesystem_avail_bytes", "", s_disk, Disk * (1 - (Value(sample, Metric.DiskUsage) / 100)));
            Add(sample, "node_network_receive_bytes_total", "", s_network, Count(sample, Metric.NetIn, 1e6));
            Add(sample, "node_network_transmit_bytes_total", "", s_network, Count(sample, Metric.NetOut, 1e6));
            Add(sample, "node_load1", "", [], Value(sample, Metric.LoadAverage));
            Add(sample, "node_time_seconds", "", [], sample.Timestamp.ToUnixTimeSeconds());
            Add(sample, "node_boot_time_seconds", "", [], Math.Round(sample.Timestamp.ToUnixTimeSeconds() - (Value(sample, Metric.UptimeDays) * 86400)));
            Add(sample, "node_tcp_connection_states", "", [("state", "close_wait")], Value(sample, Metric.BackCloseWait));
        }

        return series.Values;

        double Count(MetricRecord sample, Metric metric, double scale) =>
            counters.Add(sample.ServerName, MetricCatalog.Get(metric).Name, sample.Values.Get(metric)) * scale;

        void Add(MetricRecord sample, string name, string kind, (string, string)[] labels, double value)
        {
            if (!double.IsFinite(value))
                return;
            if (!series.TryGetValue((name, kind), out var one))
                series[(name, kind)] = one = (name, labels, []);
            one.Item3.Add((sample.Timestamp.ToUnixTimeSeconds(), value));
        }
    }

    private static double Value(MetricRecord sample, Metric metric) => sample.Values.Get(metric);
}
