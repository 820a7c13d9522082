using System.Globalization;

namespace Tft.Adapters.Mapping;

/// <summary>One value of a row as the store gave it: a number, a text, a time, or something that can be none of them.</summary>
internal readonly record struct Cell
{
    private Cell(double? number, string? text, DateTimeOffset? time)
    {
        Number = number;
        Text = text;
        Time = time;
    }

    public double? Number { get; }

    public string? Text { get; }

    public DateTimeOffset? Time { get; }

    public static Cell Of(double number) => new(number, null, null);

    public static Cell Of(string text) => new(null, text, null);

    public static Cell Of(DateTimeOffset time) => new(null, null, time);

    /// <summary>A list, an object, a boolean: shown, never used.</summary>
    public static Cell Unusable(string text) => new(null, text, null) { IsUnusable = true };

    public bool IsUnusable { get; private init; }

    /// <summary>As a number: "12.5" and "12.5 %" count too, since stores change types without telling.</summary>
    public bool TryNumber(out double number)
    {
        if (Number is { } n)
        {
            number = n;
            return double.IsFinite(n);
        }

        number = double.NaN;
        return Text is { } text && !IsUnusable
            && double.TryParse(text.AsSpan().Trim().TrimEnd('%').TrimEnd(), NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
    }

    public override string ToString() =>
        Text ?? Number?.ToString(CultureInfo.InvariantCulture) ?? Time?.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture) ?? "";
}
