using System.Globalization;
using Microsoft.Extensions.Options;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.LongHistory;

/// <summary>What is kept of a server beyond its window.</summary>
/// <param name="Days"><c>Tft:HistoryDays</c>, 1 to 60.</param>
/// <param name="Directory"><c>history/</c> of <c>Tft:DataDirectory</c>.</param>
internal sealed record HistoryOptions(int Days, string Directory)
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

        return new HistoryOptions(days, Path.Combine(DataDirectory.Resolve(configuration), "history"));
    }
}
