using System.Runtime.InteropServices;
using Tft.Contract.Metrics;
using Tft.Inference.Otlp.Decoding;

namespace Tft.Inference.Otlp.Mapping;

/// <summary>
/// The data points of one host that were measured together, put together to the metrics of a record. What was not sent stays missing.
/// </summary>
/// <param name="before">The totals of the collection before.</param>
internal sealed class Collection(HostCounters before)
{
    private readonly CpuCollection _cpu = new(before.Cpu);
    private readonly NetworkCollection _network = new(before);
    private readonly Dictionary<string, Usage> _disks = new(StringComparer.Ordinal);
    private Usage _memory;
    private Usage _swap;
    private Mean _memoryShare;
    private Mean _swapShare;
    private Mean _load;
    private Mean _uptime;
    private double _closeWait = double.NaN;

    /// <summary>False where the point maps to nothing: another state, another direction, a loopback device.</summary>
    public bool Add(in OtlpPoint point)
    {
        var share = point.Of.InPercent ? point.Value : point.Value * 100;
        switch (point.Of.Kind)
        {
            case OtlpMetric.CpuUtilization:
                return _cpu.AddShare(point.State, share);
            case OtlpMetric.CpuTime:
                return _cpu.AddTime(point);
            case OtlpMetric.MemoryUtilization when IsUsed(point):
                return _memoryShare.Add(share);
            case OtlpMetric.MemoryUsage:
                return _memory.Add(point.State, point.Value);
            case OtlpMetric.MemoryLimit:
                _memory.Limit = point.Value;
                return true;
            case OtlpMetric.PagingUtilization when IsUsed(point):
                return _swapShare.Add(share);
            case OtlpMetric.PagingUsage:
                return _swap.Add(point.State, point.Value);
            case OtlpMetric.FilesystemUtilization when IsUsed(point):
                return AddDisk(point.Mountpoint, null, share);
            case OtlpMetric.FilesystemUsage when point.State is "used" or "free":
                return AddDisk(point.Mountpoint, point.State, point.Value);
            case OtlpMetric.NetworkIo:
                return _network.Add(point);
            case OtlpMetric.NetworkConnections when string.Equals(point.State, "CLOSE_WAIT", StringComparison.OrdinalIgnoreCase):
                _closeWait = double.IsNaN(_closeWait) ? point.Value : _closeWait + point.Value;
                return true;
            case OtlpMetric.LoadAverage:
                return _load.Add(point.Value);
            case OtlpMetric.Uptime:
                return _uptime.Add(point.Value / 86_400);
            default:
                return false;
        }
    }

    /// <summary>The record's values, and the totals for the next collection.</summary>
    public MetricValues Complete(out HostCounters after)
    {
        var values = MetricValues.Missing;
        after = before with { Cpu = _cpu.Complete(ref values) };
        after = _network.Complete(ref values, after);
        Percent(ref values, Metric.MemUsed, _memoryShare.Any ? _memoryShare.Value : _memory.UsedOfAll);
        Percent(ref values, Metric.SwapUsed, _swapShare.Any ? _swapShare.Value : _swap.UsedOfUsedAndFree);
        Percent(ref values, Metric.DiskUsage, DiskUsed());
        values.Set(Metric.BackCloseWait, (float)_closeWait);
        values.Set(Metric.LoadAverage, (float)_load.Value);
        values.Set(Metric.UptimeDays, (float)_uptime.Value);
        return values;
    }

    /// <summary>Rounding by a tenth beyond 0 and 100 is taken as these; more is the sender's fault and is refused as on /feed.</summary>
    public static void Percent(ref MetricValues values, Metric metric, double percent) =>
        values.Set(metric, (float)(percent is > 100 and <= 100.1 ? 100 : percent is < 0 and >= -0.1 ? 0 : percent));

    /// <summary>A sender that has one number only sends it without a state.</summary>
    private static bool IsUsed(in OtlpPoint point) => point.State is null or "used";

    /// <param name="mountpoint">Null: a sender that has one only.</param>
    /// <param name="state">Null: the value is the share in use, %.</param>
    /// <param name="value">Bytes in this state, else a share.</param>
    private bool AddDisk(string? mountpoint, string? state, double value)
    {
        ref var disk = ref CollectionsMarshal.GetValueRefOrAddDefault(_disks, mountpoint ?? "", out _);
        if (state is not null)
            return disk.Add(state, value);
        disk.Share = value;
        return true;
    }

    /// <summary>The root where it was measured, else the fullest.</summary>
    private double DiskUsed()
    {
        if (_disks.TryGetValue("/", out var root) && !double.IsNaN(root.ShareOrUsed))
            return root.ShareOrUsed;
        var fullest = double.NaN;
        foreach (var disk in _disks.Values)
        {
            if (!double.IsNaN(disk.ShareOrUsed) && !(disk.ShareOrUsed <= fullest))
                fullest = disk.ShareOrUsed;
        }

        return fullest;
    }
}
