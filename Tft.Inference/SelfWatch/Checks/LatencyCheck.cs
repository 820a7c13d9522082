using System.Globalization;
using Tft.Inference.Forecasts.Snapshots;

namespace Tft.Inference.SelfWatch.Checks;

/// <summary>How long the last run of forecasts took.</summary>
internal sealed class LatencyCheck(SelfWatchOptions options, Func<FleetSnapshot> snapshot) : ISystemCheck
{
    public string Rule => "system_latency";

    /// <summary>Two runs: one alone may have met a training or a back-fill.</summary>
    public TimeSpan For => TimeSpan.FromMinutes(6);

    public IEnumerable<SystemReading> Read(DateTimeOffset now)
    {
        if (options.Latency == TimeSpan.Zero)
            yield break;
        var taken = snapshot().RunDuration;
        yield return new SystemReading("", taken > options.Latency, taken.TotalSeconds, options.Latency.TotalSeconds, string.Create(
            CultureInfo.InvariantCulture,
            $"the last run of forecasts took {taken.TotalSeconds:0.0} s, more than {options.Latency.TotalSeconds:0.#} s: give the service more cores or workers (Tft:ForecastWorkers), or allow it longer (Tft:SelfWatch:Latency)"));
    }
}
