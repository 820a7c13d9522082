using Tft.Contract.Metrics;

namespace Tft.Tests.Serving;

/// <summary>Rows of measured values for tests.</summary>
internal static class Rows
{
    /// <summary>A calm server with a daily shape.</summary>
    public static MetricValues Calm(int step, float memory = 60)
    {
        var day = MathF.Sin(step * 2 * MathF.PI / 288);
        var values = MetricValues.Missing;
        values.Set(Metric.CpuUser, 20 + (5 * day));
        values.Set(Metric.CpuSys, 5);
        values.Set(Metric.CpuIoWait, 2);
        values.Set(Metric.CpuIdle, 73 - (5 * day));
        values.Set(Metric.JavaCpu, 10);
        values.Set(Metric.MemUsed, memory + day);
        values.Set(Metric.SwapUsed, 0);
        values.Set(Metric.DiskUsage, 45.5f);
        values.Set(Metric.NetIn, 12.25f);
        values.Set(Metric.NetOut, 8.5f);
        values.Set(Metric.BackCloseWait, 1);
        values.Set(Metric.FrontCloseWait, 0);
        values.Set(Metric.LoadAverage, 1.5f);
        values.Set(Metric.UptimeDays, 40 + (step / 288f));
        return values;
    }

    public static MetricValues With(this MetricValues values, Metric metric, float value)
    {
        values.Set(metric, value);
        return values;
    }
}
