using Tft.Contract.Messages;

namespace Tft.Tests.Alerts.Delivery;

internal static class SomeAlerts
{
    public static readonly DateTimeOffset Since = new(2026, 3, 1, 6, 0, 0, TimeSpan.Zero);

    public static AlertInfo Firing(string id, string server = "ppml0001", string severity = "critical", string text = "memory reaches 95 % (critical) by p90 in 1 h 25 min") => new()
    {
        Id = id, Server = server, Metric = "mem_used_pct", Rule = $"forecast_{severity}", State = "firing", Severity = severity, RiskScore = 74, Since = Since,
        ExpectedAt = new ExpectedAt(Since.AddMinutes(130), Since.AddMinutes(85)), Threshold = 95,
        Reasons = [new RiskReason { Metric = "mem_used_pct", LeadMinutes = 85, Quantile = "p90", Level = severity, Threshold = 95, Value = 95.1, Text = text }],
    };

    public static AlertInfo Resolved(string id, string server = "ppml0001") => Firing(id, server) with { State = "resolved", ResolvedAt = Since.AddMinutes(72) };
}
