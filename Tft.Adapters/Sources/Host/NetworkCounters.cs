using System.Globalization;

namespace Tft.Adapters.Sources.Host;

/// <summary>
/// /proc/net/dev: bytes in and out per interface. Loopback is left out, and so are interfaces whose bytes pass a real one as well
/// (bridges and pairs of containers), or they would be counted twice.
/// </summary>
internal sealed record NetworkCounters(IReadOnlyDictionary<string, (ulong In, ulong Out)> Interfaces)
{
    private static readonly string[] s_virtual = ["lo", "veth", "docker", "br-", "virbr", "cni", "flannel", "cali", "dummy"];

    public static NetworkCounters? Parse(string? dev)
    {
        if (dev is null)
            return null;
        var found = new Dictionary<string, (ulong, ulong)>(StringComparer.Ordinal);
        foreach (var line in dev.Split('\n'))
        {
            var colon = line.LastIndexOf(':');
            if (colon < 0)
                continue;
            var name = line[..colon].Trim();
            var fields = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (IsVirtual(name) || fields.Length < 9
                || !ulong.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var received)
                || !ulong.TryParse(fields[8], NumberStyles.None, CultureInfo.InvariantCulture, out var sent))
                continue;
            found[name] = (received, sent);
        }

        return new NetworkCounters(found);
    }

    /// <summary>Megabytes (10^6) a second since an earlier reading; an interface that is new or was reset gives nothing this time.</summary>
    public (double In, double Out)? Since(NetworkCounters earlier, double seconds)
    {
        if (seconds <= 0)
            return null;
        double received = 0, sent = 0;
        foreach (var (name, now) in Interfaces)
        {
            if (!earlier.Interfaces.TryGetValue(name, out var before))
                continue;
            received += Delta(before.In, now.In);
            sent += Delta(before.Out, now.Out);
        }

        return (received / 1e6 / seconds, sent / 1e6 / seconds);
    }

    /// <summary>A counter of 32 bits that stood near its end has wrapped; any other step back is a reset.</summary>
    private static double Delta(ulong before, ulong now)
    {
        if (now >= before)
            return now - before;
        return before is > 3UL << 30 and <= uint.MaxValue ? now + (1UL << 32) - before : 0;
    }

    private static bool IsVirtual(string name) =>
        s_virtual.Any(v => v == "lo" ? name == v : name.StartsWith(v, StringComparison.Ordinal));
}
