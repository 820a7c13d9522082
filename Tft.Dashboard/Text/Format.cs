using System.Globalization;

namespace Tft.Dashboard.Text;

/// <summary>Numbers, spans and times for people. No number is shown with more digits than it deserves.</summary>
internal static class Format
{
    private static readonly CultureInfo s_culture = CultureInfo.InvariantCulture;

    public const string Nothing = "–";

    /// <summary>A value with its unit: <c>85 %</c>, <c>0.4 MB/s</c>.</summary>
    public static string Value(double? value, string unit) =>
        value is not { } v || !double.IsFinite(v) ? Nothing : unit.Length == 0 ? Number(v) : $"{Number(v)} {unit}";

    public static string Number(double? value) => value switch
    {
        null => Nothing,
        { } v when !double.IsFinite(v) => Nothing,
        { } v when Math.Abs(v) >= 100 => v.ToString("#,0", s_culture),
        { } v when Math.Abs(v) >= 10 => v.ToString("0.#", s_culture),
        { } v => v.ToString("0.##", s_culture),
    };

    /// <summary>As short as a cell wants it: no decimals from 10 on.</summary>
    public static string Glance(double value) => !double.IsFinite(value) ? Nothing : value.ToString(Math.Abs(value) >= 10 ? "#,0" : "0.#", s_culture);

    public static string Count(long value) => value.ToString("#,0", s_culture);

    /// <summary>Two significant digits, for figures that rest on assumptions: 29,994 is "30,000".</summary>
    public static string Rough(double value)
    {
        if (!double.IsFinite(value) || value == 0)
        {
            return Number(value);
        }

        var unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 1);
        return (Math.Round(value / unit) * unit).ToString(unit < 1 ? "0.##" : "#,0", s_culture);
    }

    /// <summary>A loss or error: three decimals, so that models can be told apart.</summary>
    public static string Score(double value) => double.IsFinite(value) ? value.ToString("0.000", s_culture) : Nothing;

    /// <summary>A weight that may be negative: <c>+0.12</c>.</summary>
    public static string Signed(double value) => value.ToString("+0.00;-0.00;0.00", s_culture);

    /// <summary>A share of 0..1 as a percentage; small ones keep a digit.</summary>
    public static string Share(double share) =>
        (share * 100).ToString(share is > 0 and < 0.1 ? "0.#" : "0", s_culture) + " %";

    public static string Risk(double risk) => risk.ToString("0", s_culture);

    /// <summary><c>12 s</c>, <c>4 min</c>, <c>2 h 10 min</c>, <c>3 d</c>.</summary>
    public static string Span(TimeSpan span)
    {
        span = span.Duration();
        return span switch
        {
            { TotalSeconds: < 60 } => string.Create(s_culture, $"{span.TotalSeconds:0} s"),
            { TotalMinutes: < 60 } => string.Create(s_culture, $"{Math.Floor(span.TotalMinutes):0} min"),
            { TotalHours: < 24 } when span.Minutes == 0 => string.Create(s_culture, $"{Math.Floor(span.TotalHours):0} h"),
            { TotalHours: < 24 } => string.Create(s_culture, $"{Math.Floor(span.TotalHours):0} h {span.Minutes} min"),
            _ => string.Create(s_culture, $"{Math.Floor(span.TotalDays):0} d"),
        };
    }

    /// <summary>Minutes ahead: <c>now</c>, <c>in 35 min</c>.</summary>
    public static string Lead(int minutes) => minutes <= 0 ? "now" : "in " + Span(TimeSpan.FromMinutes(minutes));

    /// <summary>A lead as the history names it, <c>30m</c> or <c>8h</c>, in words.</summary>
    public static string PastLead(string lead) => lead.EndsWith('m') ? $"{lead[..^1]} min" : $"{lead[..^1]} h";

    public static string Clock(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("HH:mm", s_culture);

    public static string Moment(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss", s_culture);

    /// <summary>To the minute, short: <c>20 Nov 14:30</c>.</summary>
    public static string Minute(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("d MMM HH:mm", s_culture);

    public static string Day(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("ddd d MMM", s_culture);

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", s_culture);
}
