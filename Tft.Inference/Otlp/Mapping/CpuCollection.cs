using Tft.Contract.Metrics;
using Tft.Inference.Otlp.Decoding;

namespace Tft.Inference.Otlp.Mapping;

/// <summary>CPU shares: as sent, averaged over the CPUs; else from the growth of the times since the collection before.</summary>
internal sealed class CpuCollection(CpuTotals? before)
{
    private static readonly (Metric Metric, CpuState[] States)[] s_metrics =
    [
        (Metric.CpuUser, [CpuState.User, CpuState.Nice]),
        (Metric.CpuSys, [CpuState.System, CpuState.Interrupt, CpuState.SoftInterrupt, CpuState.Steal]),
        (Metric.CpuIoWait, [CpuState.IoWait]),
        (Metric.CpuIdle, [CpuState.Idle]),
    ];

    private readonly Mean[] _shares = new Mean[CpuStates.Count];
    private readonly double[] _seconds = Unmeasured();
    private readonly double[] _grown = Unmeasured();
    private ulong _time;
    private ulong _start;
    private int _series;

    /// <summary>Longer silence than this is not averaged over: what comes then is a first sample.</summary>
    public const ulong LongestGap = 15 * 60 * UnixNanoseconds.PerSecond;

    public bool AddShare(string? state, double percent) =>
        CpuStates.Parse(state) is not CpuState.Unknown and var known && _shares[(int)known].Add(percent);

    public bool AddTime(in OtlpPoint point)
    {
        var state = CpuStates.Parse(point.State);
        if (state == CpuState.Unknown)
            return false;
        var into = point.Of.IsDelta ? _grown : _seconds;
        into[(int)state] = double.IsNaN(into[(int)state]) ? point.Value : into[(int)state] + point.Value;
        if (!point.Of.IsDelta)
        {
            _series++;
            _time = Math.Max(_time, point.Time);
            _start = Math.Max(_start, point.Start);
        }

        return true;
    }

    /// <summary>The totals for the next collection: these, or those of before where none came.</summary>
    public CpuTotals? Complete(ref MetricValues values)
    {
        var now = _series > 0 ? new CpuTotals(_time, _start, _series, _seconds) : before;
        if (_shares.Any(s => s.Any))
            Set(ref values, state => _shares[(int)state].Value);
        else if (Growth(now) is { } grown && !double.IsNaN(grown[(int)CpuState.Idle]) && grown.Where(g => !double.IsNaN(g)).Sum() is > 0 and var all)
            Set(ref values, state => grown[(int)state] / all * 100);
        return now;
    }

    /// <summary>Null on the first sample, after a restart, and where the set of CPUs is another.</summary>
    private double[]? Growth(CpuTotals? now)
    {
        if (_series == 0)
            return _grown;
        if (before is null || now is null || now.Time <= before.Time || now.Time - before.Time > LongestGap || now.Start != before.Start || now.Series != before.Series)
            return null;
        var grown = Unmeasured();
        for (var i = 0; i < grown.Length; i++)
        {
            grown[i] = now.Seconds[i] - before.Seconds[i];
            // Linux lets iowait run backwards a little; nothing else does without a restart
            if (grown[i] < 0 && i == (int)CpuState.IoWait)
                grown[i] = 0;
            else if (grown[i] < 0)
                return null;
        }

        return grown;
    }

    /// <summary>A metric is there where one of its states is.</summary>
    private static void Set(ref MetricValues values, Func<CpuState, double> share)
    {
        foreach (var (metric, states) in s_metrics)
        {
            var measured = states.Select(share).Where(s => !double.IsNaN(s)).ToArray();
            if (measured.Length > 0)
                Collection.Percent(ref values, metric, measured.Sum());
        }
    }

    private static double[] Unmeasured()
    {
        var seconds = new double[CpuStates.Count];
        Array.Fill(seconds, double.NaN);
        return seconds;
    }
}
