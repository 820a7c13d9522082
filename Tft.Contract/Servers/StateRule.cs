using Tft.Contract.Metrics;
using Tft.Contract.Time;

namespace Tft.Contract.Servers;

/// <summary>The state of a record that brings none.</summary>
public static class StateRule
{
    /// <summary>Above this an <c>anomaly_score</c> makes a record critical.</summary>
    public const double CriticalAnomaly = 0.7;

    /// <param name="values">What was measured; the rule reads CPU and memory.</param>
    /// <param name="anomalyScore">0..1, NaN where the record has none.</param>
    /// <param name="unixSeconds">When it was measured.</param>
    /// <param name="calendar">The fleet's hours: mornings of work days have a state of their own.</param>
    public static ServerState Derive(in MetricValues values, double anomalyScore, long unixSeconds, FleetCalendar calendar)
    {
        var cpu = CpuUsed(values);
        var memory = values.Get(Metric.MemUsed);
        if (cpu > 95 || memory > 95 || anomalyScore > CriticalAnomaly)
            return ServerState.CriticalIssue;
        if (cpu > 80 || memory > 80)
            return ServerState.HeavyLoad;
        if (cpu < 5 && memory < 10)
            return ServerState.Idle;
        return calendar.Hour(unixSeconds) is >= 9 and <= 11 && calendar.IsWorkDay(unixSeconds)
            ? ServerState.MorningSpike
            : ServerState.Healthy;
    }

    /// <summary>CPU in use, %: 100 - idle, else user + sys + I/O wait of those measured, else NaN.</summary>
    public static float CpuUsed(in MetricValues values)
    {
        if (values.Has(Metric.CpuIdle))
            return 100 - values.Get(Metric.CpuIdle);

        var sum = float.NaN;
        Add(ref sum, values.Get(Metric.CpuUser));
        Add(ref sum, values.Get(Metric.CpuSys));
        Add(ref sum, values.Get(Metric.CpuIoWait));
        return sum;

        static void Add(ref float sum, float part)
        {
            if (!float.IsNaN(part))
                sum = float.IsNaN(sum) ? part : sum + part;
        }
    }
}
