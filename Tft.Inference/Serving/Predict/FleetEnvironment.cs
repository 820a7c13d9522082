using Tft.Contract.Messages;
using Tft.Inference.Forecasts.Snapshots;

namespace Tft.Inference.Serving.Predict;

/// <summary>The fleet in a few figures: first the expected number of servers that reach critical, then the probability that one does.</summary>
internal static class FleetEnvironment
{
    /// <summary>Share of servers at which a level is the fleet's own.</summary>
    private const double FleetShare = 0.1;

    public static EnvironmentInfo Of(FleetSnapshot snapshot)
    {
        var totals = snapshot.Totals;
        return new EnvironmentInfo
        {
            Prob30m = Math.Round(snapshot.Prob30m, 4),
            Prob8h = Math.Round(snapshot.Prob8h, 4),
            ExpectedIncidents30m = Math.Round(totals.Expected30m, 3),
            ExpectedIncidents8h = Math.Round(totals.Expected8h, 3),
            Calibrated = snapshot.IsCalibrated,
            HighRiskServers = totals.Critical + totals.Warning,
            TotalServers = totals.Servers,
            FleetHealth = HealthOf(totals),
        };
    }

    /// <summary>critical when a tenth of the fleet is; warning when any server is critical or a tenth at warning; watch when any is above healthy.</summary>
    private static string HealthOf(in FleetTotals totals)
    {
        if (totals.Servers == 0)
            return "unknown";
        if (totals.Critical >= FleetShare * totals.Servers && totals.Critical > 0)
            return "critical";
        if (totals.Critical > 0 || (totals.Warning >= FleetShare * totals.Servers && totals.Warning > 0))
            return "warning";
        return totals.Warning + totals.Watch > 0 ? "watch" : "healthy";
    }
}
