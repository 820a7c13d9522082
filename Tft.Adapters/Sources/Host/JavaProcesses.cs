using System.Globalization;

namespace Tft.Adapters.Sources.Host;

/// <summary>Processor time of the processes named <c>java</c>, in clock ticks, by process and its start time (numbers are used again).</summary>
internal sealed class JavaProcesses(IReadOnlyDictionary<(int Pid, long Started), long> ticks)
{
    private readonly IReadOnlyDictionary<(int Pid, long Started), long> _ticks = ticks;

    public static JavaProcesses? Read(ProcFiles proc)
    {
        var found = new Dictionary<(int, long), long>();
        var any = false;
        foreach (var pid in proc.Processes())
        {
            if (proc.Read($"{pid.ToString(CultureInfo.InvariantCulture)}/stat") is not { } stat)
                continue;
            any = true;
            if (Parse(stat) is { } process)
                found[(pid, process.Started)] = process.Ticks;
        }

        return any ? new JavaProcesses(found) : null;
    }

    /// <summary>Ticks used since an earlier reading; all of a process that has started since.</summary>
    public long Since(JavaProcesses earlier) =>
        _ticks.Sum(p => Math.Max(0, p.Value - earlier._ticks.GetValueOrDefault(p.Key)));

    /// <summary>Field 2 is the name in parentheses, which may itself hold spaces and parentheses; utime is 14, stime 15, start 22.</summary>
    private static (long Started, long Ticks)? Parse(string stat)
    {
        int open = stat.IndexOf('(', StringComparison.Ordinal), close = stat.LastIndexOf(')');
        if (open < 0 || close < open || stat.AsSpan(open + 1, close - open - 1) is not "java")
            return null;
        var rest = stat[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return rest.Length > 19
            && long.TryParse(rest[11], NumberStyles.None, CultureInfo.InvariantCulture, out var user)
            && long.TryParse(rest[12], NumberStyles.None, CultureInfo.InvariantCulture, out var system)
            && long.TryParse(rest[19], NumberStyles.None, CultureInfo.InvariantCulture, out var started)
            ? (started, user + system)
            : null;
    }
}
