using System.Globalization;
using Microsoft.Extensions.Options;
using Tft.Contract.Time;

namespace Tft.Inference.Training;

/// <summary>When a training may begin, so that whoever asks for one again and again changes the model no faster than it can be judged. Only trainings that gave a model count.</summary>
/// <param name="Gap"><c>Tft:TrainingGapHours</c> (6): from the end of one to the next.</param>
/// <param name="PerWeek"><c>Tft:TrainingsPerWeek</c> (3): in any seven days.</param>
/// <param name="QuietHours"><c>Tft:TrainingQuietHours</c>, for example <c>22-6</c>: hours of the fleet's day in which one may begin; null: all.</param>
/// <param name="Calendar">The fleet's calendar.</param>
internal sealed record TrainingLimits(TimeSpan Gap, int PerWeek, (int From, int To)? QuietHours, FleetCalendar Calendar)
{
    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);
    private static readonly TimeSpan s_quarter = TimeSpan.FromMinutes(15);

    /// <exception cref="OptionsValidationException">Says every wrong key.</exception>
    public static TrainingLimits Read(IConfiguration configuration, FleetCalendar calendar)
    {
        List<string> faults = [];
        var limits = new TrainingLimits(
            TimeSpan.FromHours(Number(configuration, "Tft:TrainingGapHours", 6, 24 * 30, faults)),
            Number(configuration, "Tft:TrainingsPerWeek", 3, 1000, faults),
            Hours(configuration["Tft:TrainingQuietHours"], faults),
            calendar);
        return faults.Count == 0 ? limits : throw new OptionsValidationException(nameof(TrainingLimits), typeof(TrainingLimits), faults);
    }

    /// <summary>The first moment at which a training may begin, and what stands against an earlier one; null: now.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="ended">When trainings that gave a model ended.</param>
    public (DateTimeOffset At, string Why)? Wait(DateTimeOffset now, IEnumerable<DateTimeOffset> ended)
    {
        DateTimeOffset[] newest = [.. ended.OrderDescending()];
        List<string> why = [];
        var at = now;
        void Until(DateTimeOffset moment, string reason)
        {
            if (moment <= now)
                return;
            why.Add(reason);
            at = moment > at ? moment : at;
        }

        if (newest.Length > 0)
            Until(newest[0] + Gap, string.Create(CultureInfo.InvariantCulture, $"the last one ended at {newest[0]:yyyy-MM-dd HH:mm}Z, and {Gap.TotalHours} h have to be between two (Tft:TrainingGapHours)"));
        if (newest.Length >= PerWeek)
            Until(newest[PerWeek - 1] + s_week, $"there were {PerWeek} within a week (Tft:TrainingsPerWeek)");
        if (!IsQuiet(at))
        {
            why.Add(string.Create(CultureInfo.InvariantCulture, $"they begin between {QuietHours!.Value.From}:00 and {QuietHours.Value.To}:00 of the fleet's day (Tft:TrainingQuietHours)"));
            while (!IsQuiet(at))
                at = at.AddTicks(s_quarter.Ticks - (at.UtcTicks % s_quarter.Ticks));
        }

        return why.Count == 0 ? null : (at, string.Join("; ", why));
    }

    private bool IsQuiet(DateTimeOffset moment)
    {
        if (QuietHours is not { } quiet)
            return true;
        var hour = Calendar.Hour(moment.ToUnixTimeSeconds());
        return quiet.From < quiet.To ? hour >= quiet.From && hour < quiet.To : hour >= quiet.From || hour < quiet.To;
    }

    private static int Number(IConfiguration configuration, string key, int otherwise, int most, List<string> faults)
    {
        if (configuration[key] is not { Length: > 0 } text)
            return otherwise;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > most || (number == 0 && key == "Tft:TrainingsPerWeek"))
            faults.Add($"{key} is '{text}'; it must be a whole number from {(key == "Tft:TrainingsPerWeek" ? 1 : 0)} to {most}.");
        return number;
    }

    private static (int From, int To)? Hours(string? text, List<string> faults)
    {
        if (text is not { Length: > 0 })
            return null;
        var parts = text.Split('-');
        if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var from) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            && from is >= 0 and < 24 && to is >= 0 and < 24 && from != to)
            return (from, to);
        faults.Add($"Tft:TrainingQuietHours is '{text}'; it must be two different hours from 0 to 23, for example 22-6.");
        return null;
    }
}
