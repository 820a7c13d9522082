using Tft.Contract.Messages;
using Tft.Contract.Metrics;

namespace Tft.Tests.Dashboard.Fakes;

/// <summary>What a <see cref="FakeServer"/> had measured and forecast over days: ten are kept, of forecasts four, and nothing was measured for an hour two days ago.</summary>
internal sealed partial record FakeServer
{
    public const int DaysKept = 10;
    private const int DaysForecast = 4;
    private static readonly Dictionary<string, double> s_widths = new() { ["30m"] = 0.6, ["1h"] = 0.64, ["4h"] = 0.7, ["8h"] = 0.75 };

    /// <summary>Points of a range, as the service makes them: means of their steps.</summary>
    public HistoryResponse Past(DateTimeOffset origin, MetricDefinition metric, string lead, DateTimeOffset from, DateTimeOffset to, int seconds)
    {
        int StepOf(DateTimeOffset time) => (int)Math.Floor((time - origin).TotalSeconds / 300);
        var (first, last, every) = (Math.Max(StepOf(from), -288 * DaysKept), Math.Min(StepOf(to), -1), seconds / 300);
        double? Measured(int step) => step < -288 * DaysKept || step is > -590 and < -578 ? null : Math.Round(Value(metric, step, origin) + Noise(metric, step), 2);
        double? Edge(int step, double widths) => step < -288 * DaysForecast ? null : Math.Round(Value(metric, step, origin) + (widths * s_widths[lead] * Width(metric)), 2);
        IReadOnlyList<double?> Points(Func<int, double?> value) =>
            [.. Enumerable.Range(0, Math.Max(0, (last - first + every) / every)).Select(i => Enumerable.Range(first + (i * every), every).Where(s => s <= last).Select(value).Average())];

        var judged = Enumerable.Range(first, Math.Max(0, last - first + 1)).Where(s => Measured(s) is not null && Edge(s, 0) is not null).ToList();
        var error = judged.Count == 0 ? 0 : judged.Average(s => Math.Abs(Measured(s)!.Value - Edge(s, 0)!.Value));
        var beside = judged.Where(s => Measured(s - 288) is not null).ToList();
        var naive = beside.Count == 0 ? 0 : beside.Average(s => Math.Abs(Measured(s)!.Value - Measured(s - 288)!.Value));
        return new()
        {
            ServerName = Name,
            StepSeconds = seconds,
            OldestStep = origin.AddDays(-DaysKept),
            FirstStep = origin.AddSeconds(first * 300),
            ForecastsKept = true,
            Measured = new Dictionary<string, IReadOnlyList<double?>> { [metric.Name] = Points(Measured) },
            Forecasts = ByMetric(lead, metric, judged.Count > 0, new PastForecast { P10 = Points(s => Edge(s, -1)), P50 = Points(s => Edge(s, 0)), P90 = Points(s => Edge(s, 1)) }),
            Outcomes = ByMetric(lead, metric, judged.Count > 0, new PastOutcome(
                judged.Count, error, judged.Count == 0 ? null : judged.Average(s => Measured(s) >= Edge(s, -1) && Measured(s) <= Edge(s, 1) ? 1.0 : 0),
                beside.Count, naive, naive > 0 ? 1 - (error / naive) : null)),
        };
    }

    private static Dictionary<string, IReadOnlyDictionary<string, T>> ByMetric<T>(string lead, MetricDefinition metric, bool any, T value) =>
        new() { [lead] = any ? new Dictionary<string, T> { [metric.Name] = value } : [] };
}
