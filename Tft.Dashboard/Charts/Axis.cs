namespace Tft.Dashboard.Charts;

/// <summary>Round numbers for axes.</summary>
internal static class Axis
{
    private static readonly double[] s_rounds = [1, 2, 2.5, 5, 10];

    private static readonly TimeSpan[] s_spans =
    [
        TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(3),
        TimeSpan.FromHours(4), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromDays(1),
    ];

    /// <summary>Range and ticks that hold [low, high] with about <paramref name="count"/> round steps.</summary>
    public static (double Low, double High, double[] Ticks) Values(double low, double high, int count)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
        {
            (low, high) = (0, 1);
        }

        if (high - low < 1e-9)
        {
            high = low + Math.Max(1, Math.Abs(low) * 0.1);
        }

        var raw = (high - low) / count;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = s_rounds.First(r => r * power >= raw - 1e-12) * power;
        var first = Math.Floor(low / step);
        var last = Math.Ceiling(high / step);
        var ticks = new double[(int)(last - first) + 1];
        for (var i = 0; i < ticks.Length; i++)
        {
            ticks[i] = (first + i) * step;
        }

        return (ticks[0], ticks[^1], ticks);
    }

    /// <summary>Round times inside [from, to], in the given zone, at most <paramref name="count"/>.</summary>
    public static IReadOnlyList<DateTimeOffset> Times(DateTimeOffset from, DateTimeOffset to, int count, TimeZoneInfo zone)
    {
        var step = s_spans.FirstOrDefault(s => (to - from) / s <= count, TimeSpan.FromDays(Math.Max(1, Math.Ceiling((to - from).TotalDays / count))));
        var local = TimeZoneInfo.ConvertTime(from, zone);
        var midnight = new DateTimeOffset(local.Date, local.Offset);
        var first = midnight + (step * Math.Ceiling((local - midnight) / step));
        var ticks = new List<DateTimeOffset>();
        for (var tick = first; tick <= to; tick += step)
        {
            ticks.Add(TimeZoneInfo.ConvertTime(tick, zone));
        }

        return ticks;
    }
}
