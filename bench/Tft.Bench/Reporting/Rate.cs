using System.Diagnostics;

namespace Tft.Bench.Reporting;

/// <summary>Timing by medians: one slow run, when something else had the core, does not count.</summary>
internal static class Rate
{
    /// <summary>Median seconds of a run, over at least three runs and <paramref name="seconds"/> seconds.</summary>
    public static double MedianSeconds(Action run, double seconds) => Median(Times(run, seconds));

    /// <summary>Least seconds of a run, likewise: what it takes where nothing interrupts it. Long runs are interrupted more often than short ones, so medians of both cannot be compared on a busy machine.</summary>
    public static double LeastSeconds(Action run, double seconds) => Times(run, seconds).Min();

    private static List<double> Times(Action run, double seconds)
    {
        var times = new List<double>();
        var whole = Stopwatch.StartNew();
        do
        {
            var one = Stopwatch.StartNew();
            run();
            times.Add(one.Elapsed.TotalSeconds);
        }
        while (whole.Elapsed.TotalSeconds < seconds || times.Count < 3);
        return times;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }
}
