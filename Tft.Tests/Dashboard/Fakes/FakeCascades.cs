using Tft.Contract.Messages;

namespace Tft.Tests.Dashboard.Fakes;

/// <summary>Groups that a test knows.</summary>
internal static class FakeCascades
{
    public static readonly DateTimeOffset Origin = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public static readonly CascadesResponse None = Of();

    public static CascadesResponse Of(params CascadeGroup[] groups) => new()
    {
        Timestamp = Origin.AddSeconds(40),
        Snapshot = 1,
        Origin = Origin,
        From = Origin.AddHours(-8),
        StepSeconds = 300,
        AtRisk = 2500,
        Considered = 2000,
        Rising = 7,
        Alone = 2,
        Dependencies = 0,
        Groups = groups,
        Total = groups.Length,
    };

    /// <summary>The first at 07:00, each of the others five minutes after the one before it.</summary>
    public static CascadeGroup Group(params string[] servers) => new()
    {
        First = servers[0],
        Begins = Origin.AddHours(-1),
        IsForecast = false,
        Level = "critical",
        Servers = servers.Length,
        Members = [.. servers.Select((s, i) => Member(s, i))],
        Profiles = [new("database", 1, 0, 0, "cpu_iowait_pct"), new("web_api", servers.Length - 1, 5, 10, "back_close_wait")],
        ExplainedBy = [],
        Explained = 0,
    };

    private static CascadeMember Member(string server, int i) => new()
    {
        Server = server,
        Profile = i == 0 ? "database" : "web_api",
        Rises = Origin.AddHours(-1).AddMinutes(5 * i),
        IsForecast = false,
        LagMinutes = 5 * i,
        Metric = i == 0 ? "cpu_idle_pct" : "back_close_wait",
        Risk = 90,
        Correlation = i == 0 ? null : 0.912,
        ShiftMinutes = i == 0 ? null : 5 * i,
        Buckets = i == 0 ? null : 189,
        MeasuredBuckets = i == 0 ? null : 93,
        DependsOn = [],
        Course = [.. Enumerable.Range(0, 192).Select(t => t == 90 ? (int?)null : t < 84 + i ? 5 : t < 96 ? 45 : 90)],
    };
}
