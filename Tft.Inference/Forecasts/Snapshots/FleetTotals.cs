using Tft.Contract.Time;
using Tft.Inference.Risk;

namespace Tft.Inference.Forecasts.Snapshots;

/// <summary>Sums over servers, kept per block so that a fleet's sums cost as many additions as it has blocks.</summary>
internal readonly record struct FleetTotals
{
    public int Servers { get; init; }
    public int Ready { get; init; }
    public int Fallback { get; init; }
    public int Stale { get; init; }

    /// <summary>Series on which the networks lose and the base is served, and servers on all of whose series they do.</summary>
    public int RejectedSeries { get; init; }
    public int RejectedServers { get; init; }
    public int Critical { get; init; }
    public int Warning { get; init; }
    public int Watch { get; init; }

    /// <summary>Closed steps that count for warm-up, at most 288 a server.</summary>
    public long KnownSteps { get; init; }

    /// <summary>The longest window.</summary>
    public int LongestWindow { get; init; }

    /// <summary>Expected number of servers that reach critical.</summary>
    public double Expected30m { get; init; }
    public double Expected8h { get; init; }

    /// <summary>Sum of log(1 - p): the logarithm of the probability that none does.</summary>
    public double LogNone30m { get; init; }
    public double LogNone8h { get; init; }

    public int Healthy => Servers - Critical - Warning - Watch;

    public static FleetTotals Of(IReadOnlyList<ServerSnapshot?> servers)
    {
        var totals = default(FleetTotals);
        foreach (var server in servers)
        {
            if (server is not null)
                totals = totals.Plus(Of(server));
        }

        return totals;
    }

    public FleetTotals Plus(FleetTotals other) => new()
    {
        Servers = Servers + other.Servers,
        Ready = Ready + other.Ready,
        Fallback = Fallback + other.Fallback,
        Stale = Stale + other.Stale,
        RejectedSeries = RejectedSeries + other.RejectedSeries,
        RejectedServers = RejectedServers + other.RejectedServers,
        Critical = Critical + other.Critical,
        Warning = Warning + other.Warning,
        Watch = Watch + other.Watch,
        KnownSteps = KnownSteps + other.KnownSteps,
        LongestWindow = Math.Max(LongestWindow, other.LongestWindow),
        Expected30m = Expected30m + other.Expected30m,
        Expected8h = Expected8h + other.Expected8h,
        LogNone30m = LogNone30m + other.LogNone30m,
        LogNone8h = LogNone8h + other.LogNone8h,
    };

    private static FleetTotals Of(ServerSnapshot server)
    {
        const double nearlyOne = 1 - 1e-6;
        return new FleetTotals
        {
            Servers = 1,
            Ready = server.IsReady ? 1 : 0,
            Fallback = server.Note.IsFallback ? 1 : 0,
            Stale = server.IsStale ? 1 : 0,
            RejectedSeries = server.Note.Rejected.Count,
            RejectedServers = server.Note.FallbackReason == FallbackReasons.BetterHere ? 1 : 0,
            Critical = server.Risk.Level == RiskLevel.Critical ? 1 : 0,
            Warning = server.Risk.Level == RiskLevel.Warning ? 1 : 0,
            Watch = server.Risk.Level == RiskLevel.Watch ? 1 : 0,
            KnownSteps = Math.Min(server.KnownSteps, TimeGrid.WindowSteps),
            LongestWindow = server.KnownSteps,
            Expected30m = server.Risk.Prob30m,
            Expected8h = server.Risk.Prob8h,
            LogNone30m = Math.Log(1 - Math.Min(nearlyOne, server.Risk.Prob30m)),
            LogNone8h = Math.Log(1 - Math.Min(nearlyOne, server.Risk.Prob8h)),
        };
    }
}
