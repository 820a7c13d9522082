using System.Globalization;
using Tft.Contract.Time;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Windows;

namespace Tft.Inference.SelfWatch.Checks;

/// <summary>Windows that shrank: fewer closed steps in all than a warm fleet has.</summary>
internal sealed class WindowCheck(SelfWatchOptions options, Func<FleetSnapshot> snapshot, IFleetWindows windows) : ISystemCheck
{
    /// <summary>Of a full window; below it a server is not ready.</summary>
    private const double Measured = 0.8;
    private bool _hadEnough;

    public string Rule => "system_windows";

    public TimeSpan For => TimeSpan.FromMinutes(5);

    public IEnumerable<SystemReading> Read(DateTimeOffset now)
    {
        var limit = Math.Min(options.WindowSteps, (int)(snapshot().Totals.Servers * TimeGrid.WindowSteps * Measured));
        var steps = windows.ClosedSteps;

        // a new fleet fills its windows for a day
        _hadEnough |= steps >= limit && limit > 0;
        if (limit == 0 || !_hadEnough)
            yield break;
        yield return new SystemReading("", steps < limit, steps, limit, string.Create(
            CultureInfo.InvariantCulture, $"the windows hold {steps} steps in all, less than {limit}: records stopped, or the journal was emptied"));
    }
}
