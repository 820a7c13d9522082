using System.Globalization;

namespace Tft.Adapters.Mapping;

/// <summary>Times as stores write them: ISO 8601 (without an offset: UTC), or a number of seconds, milli-, micro- or nanoseconds since 1970.</summary>
internal static class Times
{
    private static readonly string[] s_formats =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy/MM/dd HH:mm:ssK", "yyyy-MM-ddK"];

    public static bool TryRead(Cell cell, out DateTimeOffset time)
    {
        time = default;
        if (cell.Time is { } t)
        {
            time = t.ToUniversalTime();
            return true;
        }

        if (cell.IsUnusable)
            return false;
        if (cell.Number is null && cell.Text is { } text
            && DateTimeOffset.TryParseExact(Shortened(text.Trim()), s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time))
            return true;
        return cell.TryNumber(out var number) && TryEpoch(number, out time);
    }

    /// <summary>The unit by the size: what is a year of this century in seconds is one of long ago in milliseconds.</summary>
    private static bool TryEpoch(double number, out DateTimeOffset time)
    {
        time = default;
        var seconds = number switch
        {
            >= 1e17 => number / 1e9,
            >= 1e14 => number / 1e6,
            >= 1e11 => number / 1e3,
            _ => number,
        };
        if (!(seconds > 0 && seconds < 253_402_300_799))
            return false;
        time = DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    /// <summary>.NET reads seven digits of a second; nanoseconds have nine.</summary>
    private static string Shortened(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return text;
        var end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return end - dot > 8 ? string.Concat(text.AsSpan(0, dot + 8), text.AsSpan(end)) : text;
    }
}
