using System.Globalization;
using System.Text.Json.Nodes;

/// <summary>This machine, from Linux' /proc; elsewhere only what .NET itself knows.</summary>
internal sealed class Machine
{
    private long[] _before = CpuTicks();

    public JsonObject Read()
    {
        var record = new JsonObject
        {
            ["timestamp"] = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["server_name"] = Environment.MachineName,
            ["uptime_days"] = Environment.TickCount64 / 86_400_000.0,
        };
        var root = new DriveInfo(Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } system ? system : "/");
        Add(record, "disk_usage_pct", 100.0 * (root.TotalSize - root.TotalFreeSpace) / root.TotalSize);
        if (!OperatingSystem.IsLinux())
            return record;

        var now = CpuTicks();
        var spent = now.Zip(_before, (b, a) => b - a).ToArray();
        var total = Math.Max(spent.Sum(), 1);
        _before = now;
        Add(record, "cpu_user_pct", 100.0 * (spent[0] + spent[1]) / total);
        Add(record, "cpu_sys_pct", 100.0 * (spent[2] + spent[5] + spent[6] + spent[7]) / total);
        Add(record, "cpu_idle_pct", 100.0 * spent[3] / total);
        Add(record, "cpu_iowait_pct", 100.0 * spent[4] / total);

        var memory = File.ReadLines("/proc/meminfo").Select(l => l.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries)).ToDictionary(p => p[0], p => Number(p[1]));
        Add(record, "mem_used_pct", 100 * (1 - memory["MemAvailable"] / memory["MemTotal"]));
        Add(record, "swap_used_pct", memory["SwapTotal"] > 0 ? 100 * (1 - memory["SwapFree"] / memory["SwapTotal"]) : 0);
        Add(record, "load_average", Number(File.ReadAllText("/proc/loadavg").Split(' ')[0]));
        return record;
    }

    /// <summary>User, nice, system, idle, iowait, irq, softirq, steal.</summary>
    private static long[] CpuTicks() => OperatingSystem.IsLinux()
        ? [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(t => long.Parse(t, CultureInfo.InvariantCulture))]
        : [];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>What lies outside its range, because counters stepped back, is left out, not bent.</summary>
    private static void Add(JsonObject record, string name, double value)
    {
        if (value >= 0 && (value <= 100 || !name.EndsWith("_pct", StringComparison.Ordinal)))
            record[name] = value;
    }
}
