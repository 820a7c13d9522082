using System.Globalization;
using Tft.Contract.Messages;
using Tft.Contract.Time;

namespace Tft.Inference.Forecasts.Snapshots;

/// <summary>How far the fleet is from full windows.</summary>
internal static class Warmup
{
    /// <summary>Share of ready servers at which the fleet counts as warm: newcomers must not make a running fleet cold.</summary>
    private const double WarmShare = 0.9;

    public static WarmupInfo Of(in FleetTotals totals)
    {
        var required = (long)totals.Servers * TimeGrid.WindowSteps;
        var progress = required == 0 ? 0 : 100.0 * totals.KnownSteps / required;
        var warm = totals.Ready > 0 && totals.Ready >= WarmShare * totals.Servers;
        return new WarmupInfo
        {
            IsWarmedUp = warm,
            ProgressPercent = Math.Round(progress, 1),
            Threshold = TimeGrid.WindowSteps,
            CurrentSize = totals.Servers == 0 ? 0 : (int)(totals.KnownSteps / totals.Servers),
            RequiredSize = TimeGrid.WindowSteps,
            ServersReady = totals.Ready,
            ServersTracked = totals.Servers,
            Message = warm
                ? string.Create(CultureInfo.InvariantCulture, $"Model ready: {totals.Ready}/{totals.Servers} servers")
                : totals.Servers == 0
                    ? "Waiting for the first records"
                    : string.Create(CultureInfo.InvariantCulture, $"Model is warming up: {progress:0.0} %, {totals.Ready}/{totals.Servers} servers ready"),
        };
    }
}
