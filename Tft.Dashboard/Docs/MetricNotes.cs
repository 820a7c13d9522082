using Tft.Contract.Metrics;

namespace Tft.Dashboard.Docs;

/// <summary>What a metric is, and which end of it is bad, in plain words.</summary>
internal static class MetricNotes
{
    public static string Of(Metric metric) => metric switch
    {
        Metric.CpuUser => "Time the processors spend in programs. High: they are busy.",
        Metric.CpuSys => "Time in the kernel. High beside little user time: disks, network or paging keep it busy.",
        Metric.CpuIoWait => "Time spent waiting for disks. High: storage is what everything waits for.",
        Metric.CpuIdle => "Time with nothing to do. Low is the bad end; charts show it as CPU used, 100 less idle.",
        Metric.JavaCpu => "CPU of Java processes. High: the application itself is busy.",
        Metric.MemUsed => "Memory in use. High: paging or a killed process is near.",
        Metric.SwapUsed => "Swap in use. High or rising: memory has run short.",
        Metric.DiskUsage => "Disk space in use. High: writes will fail when it is full.",
        Metric.NetIn => "Traffic that comes in. No thresholds: neither end is bad by itself.",
        Metric.NetOut => "Traffic that goes out. No thresholds: neither end is bad by itself.",
        Metric.BackCloseWait => "Connections to backends that the other side has closed and this one has not. Rising: they leak.",
        Metric.FrontCloseWait => "Connections of clients that they have closed and this side has not. Rising: they leak.",
        Metric.LoadAverage => "Processes that run or wait to. High against the server's own median: work queues up.",
        Metric.UptimeDays => "Days since the last start. A fall to 0 is a restart.",
        _ => "",
    };
}
