using System.Globalization;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.History;

/// <summary>A range of time as the address carries it: each end <c>now</c>, <c>now-7d</c>, <c>now+8h</c> (m, h, d), or a time, <c>2026-11-20T08:00:00Z</c>.</summary>
public sealed record TimeRange(string From, string To)
{
    public const string Now = "now";

    /// <summary>Days that a relative range may reach back, as the choices offer them.</summary>
    private static readonly (string From, string Text, double Days)[] s_presets =
        [("now-6h", "last 6 hours", 0.25), ("now-24h", "last 24 hours", 1), ("now-2d", "last 2 days", 2), ("now-7d", "last 7 days", 7), ("now-14d", "last 14 days", 14), ("now-30d", "last 30 days", 30), ("now-60d", "last 60 days", 60)];

    public static readonly TimeRange Default = new("now-24h", Now);

    /// <summary>Seconds of a point: five minutes for two days, longer for more, so that a chart has at most some 700.</summary>
    private static readonly int[] s_points = [300, 900, 1_800, 3_600, 7_200, 14_400, 21_600];
    private const int MostPoints = 673;

    /// <summary>Whether its end moves with the clock.</summary>
    public bool IsLive => To == Now;

    /// <summary>What the address says; the default where it says nothing that can be understood.</summary>
    public static TimeRange Of(string? from, string? to, DateTimeOffset now)
    {
        var range = new TimeRange(string.IsNullOrEmpty(from) ? Default.From : from, string.IsNullOrEmpty(to) ? Now : to);
        return range.At(now) is null ? Default : range;
    }

    /// <summary>Both ends; null where they are no times or in the wrong order.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? At(DateTimeOffset now) => Parse(From, now) is { } from && Parse(To, now) is { } to && from < to ? (from, to) : null;

    /// <summary>The same length, moved by half of it; it stays where it is from then on.</summary>
    public TimeRange Moved(DateTimeOffset now, int halves)
    {
        var (from, to) = At(now) ?? throw new InvalidOperationException("A range without ends was shown.");
        var by = (to - from) / 2 * halves;
        return to + by >= now.AddMinutes(-5) ? new($"now-{(int)(to - from).TotalMinutes}m", Now) : new(Format.Iso(from + by), Format.Iso(to + by));
    }

    /// <summary>The choices, as far back as something is kept.</summary>
    /// <param name="days">Days that the service keeps beyond the last one; null where it does not say.</param>
    public static IReadOnlyList<string> Presets(int? days) => [.. s_presets.Where(p => p.Days <= (days ?? 1) + 1).Select(p => p.From)];

    /// <summary>A choice in words.</summary>
    public static string Words(string from) => Array.Find(s_presets, p => p.From == from).Text ?? from;

    /// <summary>Seconds of a point for a range, and the begin of the first: points of a range that moves do not change their times.</summary>
    public static (int Seconds, DateTimeOffset From) PointsOf(DateTimeOffset from, DateTimeOffset to)
    {
        var seconds = s_points.FirstOrDefault(s => (to - from).TotalSeconds / s <= MostPoints, 86_400);
        return (seconds, DateTimeOffset.FromUnixTimeSeconds(from.ToUnixTimeSeconds() / seconds * seconds));
    }

    private static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (text == Now)
        {
            return now;
        }

        if (text.StartsWith("now-", StringComparison.Ordinal) || text.StartsWith("now+", StringComparison.Ordinal))
        {
            var sign = text[3] == '-' ? -1 : 1;
            return int.TryParse(text.AsSpan(4, Math.Max(0, text.Length - 5)), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 1_000_000
                ? text[^1] switch { 'm' => now.AddMinutes(sign * count), 'h' => now.AddHours(sign * count), 'd' when count < 10_000 => now.AddDays(sign * count), _ => null }
                : null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year is >= 1970 and < 2200 ? time : null;
    }
}
