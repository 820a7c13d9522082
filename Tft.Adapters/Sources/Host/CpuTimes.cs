using System.Globalization;

namespace Tft.Adapters.Sources.Host;

/// <summary>The first line of /proc/stat in clock ticks: the sum over all processors since boot.</summary>
internal readonly record struct CpuTimes(long User, long System, long IoWait, long Idle)
{
    public long Total => User + System + IoWait + Idle;

    public static CpuTimes? Parse(string? stat)
    {
        if (stat is null)
            return null;
        foreach (var line in stat.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith("cpu ", StringComparison.Ordinal))
                continue;

            // user nice system idle iowait irq softirq steal; old kernels end earlier. Guest time is inside user.
            Span<long> field = stackalloc long[8];
            field.Clear();
            var n = 0;
            foreach (var part in line[4..].Split(' '))
            {
                var text = line[4..][part];
                if (text.IsEmpty)
                    continue;
                if (n == field.Length)
                    break;
                if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out field[n++]))
                    return null;
            }

            return n < 4 ? null : new CpuTimes(field[0] + field[1], field[2] + field[5] + field[6] + field[7], field[4], field[3]);
        }

        return null;
    }

    /// <summary>
    /// Percent of each part since an earlier reading; they sum to 100. Null where the counters stood still or went back as a whole
    /// (a restored machine). A single part may go back a little: the kernel says so of iowait; it counts as 0.
    /// </summary>
    public (double User, double System, double IoWait, double Idle)? Since(CpuTimes earlier)
    {
        if (Total <= earlier.Total)
            return null;
        double user = Math.Max(0, User - earlier.User), system = Math.Max(0, System - earlier.System);
        double wait = Math.Max(0, IoWait - earlier.IoWait), idle = Math.Max(0, Idle - earlier.Idle);
        var share = 100 / (user + system + wait + idle);
        return (user * share, system * share, wait * share, idle * share);
    }
}
