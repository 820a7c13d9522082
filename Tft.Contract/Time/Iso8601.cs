namespace Tft.Contract.Time;

/// <summary>
/// Timestamps of the contract: <c>yyyy-MM-ddTHH:mm[:ss[.f...]]</c>, a space in the place of T allowed, then Z, +hh:mm, +hhmm, +hh, or nothing for UTC.
/// </summary>
public static class Iso8601
{
    private const int DateLength = 10;

    /// <summary>9999-12-31T23:59:59Z, the end of the platform's calendar.</summary>
    private const long LastSecond = 253_402_300_799;

    /// <summary>Unix seconds, fractions cut. False for anything else than an existing moment from 1970 on.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long unixSeconds)
    {
        unixSeconds = 0;
        if (text.Length < DateLength + 6 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text[13] != ':')
            return false;
        var year = (Two(text, 0) * 100) + Two(text, 2);
        int month = Two(text, 5), day = Two(text, 8), hour = Two(text, 11), minute = Two(text, 14);
        if ((year | month | day | hour | minute) < 0 || year < 1970 || (uint)(month - 1) > 11 || hour > 23 || minute > 59)
            return false;
        if (day < 1 || day > 28 && day > DateTime.DaysInMonth(year, month))
            return false;

        var at = 16;
        var second = 0;
        if (at < text.Length && text[at] == ':')
        {
            if (text.Length < 19 || (second = Two(text, 17)) is < 0 or > 59)
                return false;
            at = 19;
            if (at < text.Length && text[at] is (byte)'.' or (byte)',')
            {
                var first = ++at;
                while (at < text.Length && (uint)(text[at] - '0') <= 9)
                    at++;
                if (at == first)
                    return false;
            }
        }

        if (!TryOffset(text[at..], out var offset))
            return false;
        unixSeconds = (DaysFromEpoch(year, month, day) * 86_400L) + (hour * 3_600) + (minute * 60) + second - offset;
        return unixSeconds is >= 0 and <= LastSecond;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.IsEmpty || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z'))
            return true;
        if (text.Length is not (3 or 5 or 6) || text[0] is not ((byte)'+' or (byte)'-') || (text.Length == 6 && text[3] != ':'))
            return false;
        var hours = Two(text, 1);
        var minutes = text.Length == 3 ? 0 : Two(text, text.Length - 2);
        if (hours is < 0 or > 23 || minutes is < 0 or > 59)
            return false;
        seconds = ((hours * 3_600) + (minutes * 60)) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    /// <summary>Two digits as a number, or something negative.</summary>
    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        uint tens = (uint)(text[at] - '0'), ones = (uint)(text[at + 1] - '0');
        return tens > 9 || ones > 9 ? int.MinValue : (int)((tens * 10) + ones);
    }

    /// <summary>Days since 1970-01-01 in the proleptic Gregorian calendar; years start in March, so that the leap day is the last.</summary>
    private static int DaysFromEpoch(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1 : year;
        var era = y / 400;
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 719_468;
    }
}
