using Tft.Dashboard.Fleet;
using Tft.Dashboard.Insights;
using Tft.Tests.Dashboard.Fakes;

namespace Tft.Tests.Dashboard.Fleet;

[Trait("Ring", "unit")]
public sealed class FleetInsightTests
{
    private static ServerRow Row(string name, Level level, string? metric = null, int? lead = null, float risk = 50) => new()
    {
        Name = name,
        Profile = "database",
        State = "healthy",
        Level = level,
        Risk = risk,
        CurrentRisk = risk,
        PredictedRisk = risk,
        Prob30m = 0,
        Prob8h = 0,
        IsFallback = false,
        FallbackReason = null,
        LastRecordAt = DateTimeOffset.UnixEpoch,
        Reason = metric is null ? null : $"{metric} reaches",
        ReasonMetric = metric,
        LeadMinutes = lead,
        Glances = [],
    };

    private static FleetInsight Of(params ServerRow[] rows)
    {
        var fleet = FakeFleet.Of(1);
        var page = fleet.Page(1, null, 10);
        return FleetInsight.From(new()
        {
            Rows = rows,
            Environment = page.Environment,
            Warmup = page.Warmup,
            Model = page.Model,
            Status = fleet.Status(1, 0),
            Snapshot = 1,
            Timestamp = page.Timestamp,
            FetchedAt = page.Timestamp,
        });
    }

    [Fact]
    public void Headline_Calm_SaysSo() =>
        Assert.Equal("All 2 servers are expected to stay clear of trouble for the next 8 hours.", Of(Row("a", Level.Healthy), Row("b", Level.Watch)).Headline);

    [Fact]
    public void Headline_CriticalNowAndAhead_CountsBothAndNamesTheNext()
    {
        var insight = Of(
            Row("now", Level.Critical, "mem_used_pct", 0), Row("later", Level.Critical, "mem_used_pct", 145), Row("soon", Level.Warning, "load_average", 20), Row("calm", Level.Healthy));

        Assert.Equal("2 of 4 servers are critical, or forecast to be within 8 hours; 1 is so already. The next to go is soon, in 20 min.", insight.Headline);
    }

    [Fact]
    public void Headline_OnlyWarnings_SaysThatNoneIsCritical() =>
        Assert.StartsWith("No server is forecast to be critical; 1 of 2 need watching.", Of(Row("a", Level.Warning, "load_average", 60), Row("b", Level.Healthy)).Headline, StringComparison.Ordinal);

    [Fact]
    public void First_WorstThenSoonest()
    {
        var insight = Of(Row("w", Level.Warning, "m", 0), Row("c2", Level.Critical, "m", 300), Row("c1", Level.Critical, "m", 10), Row("h", Level.Healthy));

        Assert.Equal(["c1", "c2", "w"], insight.First.Select(r => r.Name));
        Assert.Equal(3, insight.AtRisk);
    }

    [Fact]
    public void Causes_ByMetric_MostFrequentFirst()
    {
        var insight = Of(Row("a", Level.Critical, "load_average", 0), Row("b", Level.Warning, "mem_used_pct", 10), Row("c", Level.Critical, "mem_used_pct", 0));

        Assert.Equal([("mem_used_pct", 2, 1), ("load_average", 1, 1)], insight.Causes.Select(c => (c.Metric, c.Servers, c.Now)));
    }

    [Fact]
    public void Advice_EveryMetricThatMakesARisk_HasItsOwn()
    {
        string[] risky = ["cpu_idle_pct", "cpu_iowait_pct", "mem_used_pct", "swap_used_pct", "disk_usage_pct", "load_average", "back_close_wait"];

        Assert.Equal(risky.Length, risky.Select(Advice.For).Distinct().Count());
        Assert.DoesNotContain(Advice.For("anything_else"), risky.Select(Advice.For));
    }
}
