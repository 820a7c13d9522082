using System.Globalization;
using Tft.Contract.Metrics;
using Tft.Contract.Records;

namespace Tft.Adapters.Sources.Host;

/// <summary>
/// Measures this machine: what is a level now, what is a rate since the last call. Rates use the monotonic clock, which stands still
/// while the machine sleeps, so that neither sleep nor a set clock bends them. Elsewhere than on Linux most metrics are missing.
/// </summary>
internal sealed class HostSampler(string name, ProcFiles proc, Func<float> diskUsage, TimeProvider clock)
{
    private Reading? _last;

    /// <summary>A record; null on the first call, which only takes the counters.</summary>
    public MetricRecord? Sample()
    {
        var reading = new Reading(
            clock.GetTimestamp(), CpuTimes.Parse(proc.Read("stat")), NetworkCounters.Parse(proc.Read("net/dev")), JavaProcesses.Read(proc));
        var before = _last;
        _last = reading;
        if (before is null)
            return null;

        var values = MetricValues.Missing;
        if (reading.Cpu is { } cpu && before.Cpu is { } earlier && cpu.Since(earlier) is { } share)
        {
            values.Set(Metric.CpuUser, Hundredths(share.User));
            values.Set(Metric.CpuSys, Hundredths(share.System));
            values.Set(Metric.CpuIoWait, Hundredths(share.IoWait));
            values.Set(Metric.CpuIdle, Hundredths(share.Idle));
            if (reading.Java is { } java && before.Java is { } javaBefore)
                values.Set(Metric.JavaCpu, Hundredths(Math.Min(100, 100.0 * java.Since(javaBefore) / (cpu.Total - earlier.Total))));
        }

        if (reading.Network is { } network && before.Network is { } networkBefore
            && network.Since(networkBefore, clock.GetElapsedTime(before.At, reading.At).TotalSeconds) is { } flow)
        {
            values.Set(Metric.NetIn, (float)Math.Round(flow.In, 4));
            values.Set(Metric.NetOut, (float)Math.Round(flow.Out, 4));
        }

        var (memory, swap) = MemoryUse.Parse(proc.Read("meminfo"));
        values.Set(Metric.MemUsed, Hundredths(memory));
        values.Set(Metric.SwapUsed, Hundredths(swap));
        values.Set(Metric.DiskUsage, Hundredths(diskUsage()));
        var (front, back) = CloseWaits.Count(proc.Read("net/tcp"), proc.Read("net/tcp6"));
        values.Set(Metric.FrontCloseWait, front);
        values.Set(Metric.BackCloseWait, back);
        values.Set(Metric.LoadAverage, First(proc.Read("loadavg")));
        values.Set(Metric.UptimeDays, Uptime());
        return new MetricRecord
        {
            Timestamp = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds()),
            ServerName = name,
            Values = values,
        };
    }

    /// <summary>As <c>df</c> says it: used of what users may use (the reserve for root is neither).</summary>
    public static float DiskUsageOf(string path)
    {
        try
        {
            var drive = new DriveInfo(path);
            double used = drive.TotalSize - drive.TotalFreeSpace;
            return used + drive.AvailableFreeSpace <= 0 ? float.NaN : (float)(100 * used / (used + drive.AvailableFreeSpace));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return float.NaN;
        }
    }

    private float Uptime()
    {
        var seconds = First(proc.Read("uptime"));
        if (float.IsNaN(seconds) && !OperatingSystem.IsLinux())
            seconds = Environment.TickCount64 / 1000f;
        return (float)Math.Round(seconds / 86400, 4);
    }

    private static float First(string? text) =>
        text is not null && double.TryParse(text.Split(' ', 2)[0].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= 0
            ? (float)value : float.NaN;

    private static float Hundredths(double value) => (float)Math.Round(value, 2);

    private sealed record Reading(long At, CpuTimes? Cpu, NetworkCounters? Network, JavaProcesses? Java);
}
