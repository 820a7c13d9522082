using System.Globalization;
using Microsoft.Extensions.Options;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.LongHistory;

/// <summary>What is kept of a server beyond its window.</summary>
/// <param name="Days"><c>Tft:HistoryDays</c>, 1 to 60.</param>
/// <param name="Directory"><c>history/</c> of <c>Tft:DataDirectory</c>.</param>
/// <param name="Forecasts"><c>forecasts/</c> beside it: what had been forecast.</param>
internal sealed record HistoryOptions(int Days, string Directory, string Forecasts)
{
    public const int DefaultDays = 14;
    public const int MostDays = 60;

    /// <exception cref="OptionsValidationException">Says what is wrong.</exception>
    public static HistoryOptions Read(IConfiguration configuration)
    {
        var days = DefaultDays;
        if (configuration["Tft:HistoryDays"] is { Length: > 0 } text
            && (!int.TryParse(text, CultureInfo.InvariantCulture, out days) || days is < 1 or > MostDays))
        {
            throw new OptionsValidationException(nameof(HistoryOptions), typeof(HistoryOptions),
                [$"Tft:HistoryDays is '{text}'; it must be a whole number of days from 1 to {MostDays}."]);
        }

        var data = DataDirectory.Resolve(configuration);
        return new HistoryOptions(days, Path.Combine(data, "history"), Path.Combine(data, "forecasts"));
    }

    /// <summary>Name of a day's folder, <c>20261121</c>.</summary>
    /// <param name="day">Days since 1970.</param>
    public static string FolderOf(long day) => DateTimeOffset.UnixEpoch.AddDays(day).ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>Days since 1970 of a folder; null where it is no day's.</summary>
    public static int? DayOf(string folder) =>
        DateTimeOffset.TryParseExact(Path.GetFileName(folder), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
            ? (int)(day - DateTimeOffset.UnixEpoch).TotalDays
            : null;
}
