using System.Globalization;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Models;

namespace Tft.Inference.SelfWatch.Checks;

/// <summary>Servers that could be forecast by the model and are not.</summary>
internal sealed class FallbackCheck(SelfWatchOptions options, Func<FleetSnapshot> snapshot, ModelOptions models) : ISystemCheck
{
    public string Rule => "system_fallback";

    public TimeSpan For => TimeSpan.FromMinutes(10);

    public IEnumerable<SystemReading> Read(DateTimeOffset now)
    {
        var totals = snapshot().Totals;
        if (options.FallbackShare == 0 || totals.Ready == 0 || models.Choice == ModelOptions.None)
            yield break;

        // those without a day of history are on the fallback by rule, and no fault
        var without = Math.Max(0, totals.Fallback - (totals.Servers - totals.Ready));
        var share = (double)without / totals.Ready;
        yield return new SystemReading("", share > options.FallbackShare, share, options.FallbackShare, string.Create(
            CultureInfo.InvariantCulture,
            $"the fallback forecasts {share:0 %} of the servers that are ready, more than {options.FallbackShare:0.# %}; GET /quality says why, the page Models shows what serves"));
    }
}
