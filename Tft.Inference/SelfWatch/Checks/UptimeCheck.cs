using System.Globalization;

namespace Tft.Inference.SelfWatch.Checks;

/// <summary>Share of the last day in which the service was up, by what it wrote down itself.</summary>
internal sealed class UptimeCheck(SelfWatchOptions options, UptimeLog log) : ISystemCheck
{
    public string Rule => "system_uptime";

    public TimeSpan For => TimeSpan.Zero;

    public IEnumerable<SystemReading> Read(DateTimeOffset now)
    {
        if (options.Uptime == 0 || log.ShareOfDay(now) is not { } share)
            yield break;
        yield return new SystemReading("", share < options.Uptime, share, options.Uptime, string.Create(
            CultureInfo.InvariantCulture, $"the service was up {share:0.0 %} of the last day, less than {options.Uptime:0.# %}"));
    }
}
