using System.IO.Enumeration;
using Tft.Contract.Messages;
using Tft.Contract.Servers;
using Tft.Inference.Forecasts.Snapshots;

namespace Tft.Inference.Alerts;

/// <summary>What a silence covers.</summary>
internal static class Silence
{
    public static bool Covers(SilenceInfo silence, string server, string metric, string rule, DateTimeOffset now) =>
        silence.StartsAt <= now && now < silence.EndsAt
        && (silence.Server is null || FileSystemName.MatchesSimpleExpression(silence.Server, server, ignoreCase: false))
        && (silence.Metric is null || silence.Metric == metric)
        && (silence.Rule is null || silence.Rule == rule);

    /// <summary>A server that says it is in maintenance is silent by itself.</summary>
    public static bool IsInMaintenance(ServerSnapshot server) => server.State == ServerState.Maintenance;
}
