namespace Tft.Contract.Metrics;

/// <summary>The 14 metrics of contract 2, in the order of every array and tensor of the system.</summary>
public enum Metric : byte
{
    CpuUser,
    CpuSys,
    CpuIoWait,
    CpuIdle,
    JavaCpu,
    MemUsed,
    SwapUsed,
    DiskUsage,
    NetIn,
    NetOut,
    BackCloseWait,
    FrontCloseWait,
    LoadAverage,
    UptimeDays,
}
