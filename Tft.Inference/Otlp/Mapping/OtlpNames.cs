using System.Collections.Frozen;

namespace Tft.Inference.Otlp.Mapping;

/// <summary>The metrics that are read.</summary>
internal enum OtlpMetric : byte
{
    None,
    CpuUtilization,
    CpuTime,
    MemoryUtilization,
    MemoryUsage,
    MemoryLimit,
    PagingUtilization,
    PagingUsage,
    FilesystemUtilization,
    FilesystemUsage,
    NetworkIo,
    NetworkConnections,
    LoadAverage,
    Uptime,
}

/// <summary>The attributes that are read.</summary>
internal enum OtlpAttribute : byte
{
    None,
    HostName,
    InstanceId,
    State,
    Direction,
    Device,
    Mountpoint,
}

/// <summary>Names of the collector's hostmetrics receiver and of the semantic conventions that follow it (system metrics).</summary>
internal static class OtlpNames
{
    private static readonly FrozenDictionary<string, OtlpMetric> s_metrics = new Dictionary<string, OtlpMetric>
    {
        ["system.cpu.utilization"] = OtlpMetric.CpuUtilization,
        ["system.cpu.time"] = OtlpMetric.CpuTime,
        ["system.memory.utilization"] = OtlpMetric.MemoryUtilization,
        ["system.memory.usage"] = OtlpMetric.MemoryUsage,
        ["system.memory.limit"] = OtlpMetric.MemoryLimit,
        ["system.paging.utilization"] = OtlpMetric.PagingUtilization,
        ["system.paging.usage"] = OtlpMetric.PagingUsage,
        ["system.filesystem.utilization"] = OtlpMetric.FilesystemUtilization,
        ["system.filesystem.usage"] = OtlpMetric.FilesystemUsage,
        ["system.network.io"] = OtlpMetric.NetworkIo,
        ["system.network.connections"] = OtlpMetric.NetworkConnections,
        ["system.network.connection.count"] = OtlpMetric.NetworkConnections,
        ["system.cpu.load_average.1m"] = OtlpMetric.LoadAverage,
        ["system.uptime"] = OtlpMetric.Uptime,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, OtlpAttribute> s_attributes = new Dictionary<string, OtlpAttribute>
    {
        ["host.name"] = OtlpAttribute.HostName,
        ["service.instance.id"] = OtlpAttribute.InstanceId,
        ["state"] = OtlpAttribute.State,
        ["cpu.mode"] = OtlpAttribute.State,
        ["system.cpu.state"] = OtlpAttribute.State,
        ["system.memory.state"] = OtlpAttribute.State,
        ["system.paging.state"] = OtlpAttribute.State,
        ["system.filesystem.state"] = OtlpAttribute.State,
        ["system.network.state"] = OtlpAttribute.State,
        ["network.connection.state"] = OtlpAttribute.State,
        ["direction"] = OtlpAttribute.Direction,
        ["network.io.direction"] = OtlpAttribute.Direction,
        ["device"] = OtlpAttribute.Device,
        ["system.device"] = OtlpAttribute.Device,
        ["network.interface.name"] = OtlpAttribute.Device,
        ["mountpoint"] = OtlpAttribute.Mountpoint,
        ["system.filesystem.mountpoint"] = OtlpAttribute.Mountpoint,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static OtlpMetric Metric(string name) => s_metrics.GetValueOrDefault(name);

    public static OtlpAttribute Attribute(string key) => s_attributes.GetValueOrDefault(key);
}
