using Bunit;
using Tft.Contract.Messages;
using Tft.Dashboard.Layout;
using Tft.Dashboard.Pages;
using Tft.Dashboard.Text;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Pages;

[Trait("Ring", "component")]
public sealed class AlertsPageTests : DashboardContext
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;

    private static AlertInfo Alert(string id, string server, string severity = "critical", string state = "firing") => new()
    {
        Id = id,
        Server = server,
        Metric = "mem_used_pct",
        Rule = "forecast_critical",
        State = state,
        Severity = severity,
        RiskScore = 80,
        Since = s_now.AddMinutes(-5),
        ExpectedAt = new(new(2026, 3, 2, 14, 10, 0, TimeSpan.Zero), new(2026, 3, 2, 13, 25, 0, TimeSpan.Zero)),
        Threshold = 95,
        Reasons = [new() { Metric = "mem_used_pct", LeadMinutes = 85, Quantile = "p90", Level = "critical", Threshold = 95, Value = 95.1, Text = "memory reaches <95 %>" }],
    };

    private IRenderedComponent<AlertsPage> OpenWith(string address, params AlertInfo[] alerts)
    {
        Service.Alerts.AddRange(alerts);
        var page = Open<AlertsPage>(address);
        page.WaitForState(() => Store.Current!.Alerts.Count == alerts.Length && page.FindAll("#alerts-open").Single().TextContent.Contains($"Open {alerts.Length}", StringComparison.Ordinal), Eventually.Timeout);
        return page;
    }

    [Fact]
    public void Render_OpenAlerts_WithReasonTimeAndLinkToTheMetric()
    {
        var row = OpenWith("/alerts", Alert("1", "ppdb0001")).Find("tbody tr");

        Assert.Contains("memory reaches <95 %>", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("p90 13:25, p50 14:10", row.TextContent, StringComparison.Ordinal);
        Assert.Equal("/server?name=ppdb0001&metric=mem_used_pct", row.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public void Url_Filters_AreWhatIsShown()
    {
        var page = OpenWith("/alerts?severity=warning&q=WEB", Alert("1", "ppweb0001"), Alert("2", "ppweb0002", "warning"), Alert("3", "ppdb0001", "warning"));

        Assert.Equal("ppweb0002", Assert.Single(page.FindAll("[data-row]")).TextContent);
    }

    [Fact]
    public async Task Acknowledge_One_IsSentAndShown()
    {
        var page = OpenWith("/alerts", Alert("1", "ppdb0001"), Alert("2", "ppdb0002"));

        await page.InvokeAsync(() => page.FindAll("tbody button").First(b => b.TextContent == Strings.Acknowledge).Click());

        page.WaitForState(() => page.FindAll("tbody tr")[0].TextContent.Contains("dashboard", StringComparison.Ordinal), Eventually.Timeout);
        Assert.Equal(["dashboard", null], Service.Alerts.Select(a => a.AcknowledgedBy));
    }

    [Fact]
    public async Task Silence_Chosen_AsksForEachAndClearsTheChoice()
    {
        var page = OpenWith("/alerts", Alert("1", "ppdb0001"), Alert("2", "ppdb0002"), Alert("3", "ppdb0003"));
        await page.InvokeAsync(() => page.FindAll("tbody input")[0].Change(true));
        await page.InvokeAsync(() => page.FindAll("tbody input")[2].Change(true));
        page.WaitForElement(".tft-bulk select", Eventually.Timeout);

        await page.InvokeAsync(() => page.Find(".tft-bulk select").Change("120"));

        page.WaitForState(() => Service.Silences.Count == 2 && page.FindAll(".tft-bulk").Count == 0, Eventually.Timeout);
        Assert.Equal(["ppdb0001", "ppdb0003"], Service.Silences.Select(s => s.Server));
        Assert.All(Service.Silences, s => Assert.Equal(120, (s.EndsAt - s.StartsAt).TotalMinutes, 3));
    }

    [Fact]
    public async Task Silences_End_RemovesIt()
    {
        Service.Silences.Add(new() { Id = "s9", Server = "ppdb*", StartsAt = s_now, EndsAt = s_now.AddHours(2), CreatedBy = "x" });
        var page = Open<AlertsPage>("/alerts?view=silences");
        page.WaitForState(() => page.FindAll("tbody button").Count == 1, Eventually.Timeout);

        await ClickAsync(page, "tbody button");

        page.WaitForState(() => page.Markup.Contains(Strings.NoSilences, StringComparison.Ordinal), Eventually.Timeout);
        Assert.Empty(Service.Silences);
    }

    [Fact]
    public async Task Action_ServiceAway_SaysThatItWasNotTaken()
    {
        var page = OpenWith("/alerts", Alert("1", "ppdb0001"));
        Service.IsDown = true;

        await page.InvokeAsync(() => page.FindAll("tbody button").First(b => b.TextContent == Strings.Acknowledge).Click());

        page.WaitForState(() => page.Markup.Contains(Strings.ActionFailed, StringComparison.Ordinal), Eventually.Timeout);
    }

    [Fact]
    public async Task NewAlert_IsAnnouncedOnceAndCounted()
    {
        var page = OpenWith("/alerts", Alert("1", "ppdb0001") with { AcknowledgedBy = "me" });
        page.WaitForState(() => page.Find("[role=status]").TextContent.Length == 0, Eventually.Timeout);
        Service.Publish();
        await Eventually.True(() => Store.Current!.Snapshot > 1);

        lock (Service.Alerts)
        {
            Service.Alerts.Add(Alert("2", "ppdb0002"));
        }

        Service.Publish();

        page.WaitForState(() => page.Find("[role=status]").TextContent == "New alert: ppdb0002, critical", Eventually.Timeout);
        Assert.Equal("1", Render<AlertCount>().Find(".tft-count").TextContent);
    }
}
