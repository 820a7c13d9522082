using Tft.Contract.Metrics;
using Tft.Contract.Servers;

namespace Tft.Adapters.Simulation;

/// <summary>The contract's rule for a state that nobody gave.</summary>
internal static class DerivedState
{
    /// <param name="local">Seconds since the epoch in the fleet's local time.</param>
    public static ServerState Of(in MetricValues values, double local)
    {
        var cpu = values.Has(Metric.CpuIdle)
            ? 100 - values.Get(Metric.CpuIdle)
            : values.Get(Metric.CpuUser) + values.Get(Metric.CpuSys) + values.Get(Metric.CpuIoWait);
        var mem = values.Get(Metric.MemUsed);
        if (cpu > 95 || mem > 95)
            return ServerState.CriticalIssue;
        if (cpu > 80 || mem > 80)
            return ServerState.HeavyLoad;
        if (cpu < 5 && mem < 10)
            return ServerState.Idle;
        var day = (long)Math.Floor(local / 86400);
        var weekday = ((day + 3) % 7 + 7) % 7;
        return weekday < 5 && (int)((local - (day * 86400)) / 3600) is >= 9 and <= 11 ? ServerState.MorningSpike : ServerState.Healthy;
    }
}
