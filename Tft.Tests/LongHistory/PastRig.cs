using Microsoft.Extensions.Logging.Abstractions;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.LongHistory;
using Tft.Inference.Windows;
using Tft.Tests.Windows;

namespace Tft.Tests.LongHistory;

/// <summary>Windows over a history in a folder, as one start of the service has them; make another over the same folder to restart.</summary>
internal sealed class PastRig : IDisposable
{
    public static readonly int FirstStep = WindowsDriver.StepOf("2026-03-02T00:00:00Z");

    public PastRig(string folder, int days = 14, WriteAt? write = null, bool open = true)
    {
        Store = new PastStore(new HistoryOptions(days, folder, Path.Combine(folder, "forecasts")), NullLogger<PastStore>.Instance, write);
        Driver = new WindowsDriver(1_000, Store);
        if (open)
            Store.Open(Driver.Windows.Names);
    }

    public PastStore Store { get; }

    public WindowsDriver Driver { get; }

    /// <summary>A value that tells a step from all others, with two decimals.</summary>
    public static float At(int step) => (float)Math.Round(((step - FirstStep) % 9_000) / 100.0, 2);

    /// <summary>One record for each step, counted from <see cref="FirstStep"/>.</summary>
    public void Feed(string name, int from, int to)
    {
        for (var i = from; i < to; i++)
            Assert.Equal(Verdict.Accepted, Driver.Feed(name, (uint)TimeGrid.StartSeconds(FirstStep + i), At(FirstStep + i)));
    }

    /// <summary>CPU user of what is kept, from <see cref="FirstStep"/> on.</summary>
    public float[] Kept(string name, int steps)
    {
        float[][] values = [.. MetricCatalog.All.Select(_ => Enumerable.Repeat(float.NaN, steps).ToArray())];
        Store.Read(name, FirstStep, values);
        return values[(int)Metric.CpuUser];
    }

    public void Dispose()
    {
        Driver.Dispose();
        Store.Dispose();
    }
}
