using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Tft.Dashboard.Layout;
using Tft.Dashboard.Pages;
using Tft.Dashboard.Settings;
using Tft.Dashboard.Text;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;
using static Tft.Tests.Dashboard.Fakes.FakeRemediation;

namespace Tft.Tests.Dashboard.Pages;

[Trait("Ring", "component")]
public sealed class RemediationPageTests : DashboardContext
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    [Fact]
    public void Nothing_IsSaid_AndThatNothingIsCarriedOut()
    {
        var page = OpenLoaded<RemediationPage>("/remediation");
        Assert.Contains(Strings.NothingSuggested, page.Markup, StringComparison.Ordinal);
        Assert.Contains(Strings.ExecutesNothing, page.Markup, StringComparison.Ordinal);
        Service.Remediation.WithoutRunbook = 3;
        Assert.Contains("For 3 reasons there is no runbook.", OpenLoaded<RemediationPage>("/remediation").Markup, StringComparison.Ordinal);
        Assert.Contains(Strings.NothingDecided, OpenLoaded<RemediationPage>("/remediation?tab=record").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_AreByRunbookAndProfile_WorstThenSoonest()
    {
        var page = OpenWith("/remediation");

        Assert.Equal(["Title of disk-now", "Title of memory-ahead", "Title of memory-ahead", "Title of tft-source"], page.FindAll(".tft-groups b").Select(b => b.TextContent));
        Assert.Equal(["web api · ppweb0003 · now", "web api · 2 servers · in 30 min", "database · ppdb0001 · in 1 h 30 min", "the service itself · tft · in 1 h 30 min"], page.FindAll(".tft-groups .tft-small").Select(b => b.TextContent));
        // the worst is open: its steps with all four parts
        Assert.Equal("Title of disk-now web api", page.Find("#runbook-title").TextContent);
        Assert.Equal(["Look at", "Do", "Risk", "Back"], page.FindAll(".tft-runbook li:first-child dt").Select(d => d.TextContent));
        Assert.Equal(["look here", "do that", "may break", "undo it"], page.FindAll(".tft-runbook li:first-child dd").Select(d => d.TextContent));
        Assert.Equal("/server?name=ppweb0003&metric=mem_used_pct", page.Find(".tft-remedy tbody a").GetAttribute("href"));
    }

    [Fact]
    public void Url_GroupFilterAndNonsense_AreWhatIsShown()
    {
        Assert.Equal("Title of memory-ahead database", OpenWith("/remediation?open=memory-ahead.database").Find("#runbook-title").TextContent);
        Assert.Equal("Title of disk-now web api", OpenLoaded<RemediationPage>("/remediation?open=%3Cscript%3E&level=abc").Find("#runbook-title").TextContent);
        Assert.Single(OpenLoaded<RemediationPage>("/remediation?q=DB").FindAll(".tft-groups li"));
        Assert.Single(OpenLoaded<RemediationPage>("/remediation?level=critical").FindAll(".tft-groups li"));
        Assert.Contains(Strings.NoMatch, OpenLoaded<RemediationPage>("/remediation?q=nobody").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approve_Chosen_AreKeptWithNameAndRemark_AndShown()
    {
        var page = OpenWith("/remediation?open=memory-ahead.web_api");
        Assert.True(page.Find("#decide-approve").HasAttribute("disabled"));

        await ChangeAsync(page, ".tft-remedy thead input", true);
        await ChangeAsync(page, "#decide-by", Hostile);
        await ChangeAsync(page, "#decide-remark", "at noon");
        await ClickAsync(page, "#decide-approve:not([disabled])");

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".tft-remedy .tft-healthy").Count), Eventually.Timeout);
        Assert.Equal([("ppweb0001", Hostile, "at noon", "approved"), ("ppweb0002", Hostile, "at noon", "approved")], Service.Remediation.Approvals.Select(a => (a.Server, a.By, a.Remark, a.Decision)));
        Assert.Contains("2 of 2 decided", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("img"));
        Assert.Equal(Hostile, Services.GetRequiredService<UserState>().Settings.Name);

        var record = OpenLoaded<RemediationPage>("/remediation?tab=record");
        Assert.Equal(2, record.FindAll("tbody tr").Count);
        Assert.Contains($"{Hostile}", record.Find("tbody tr").TextContent, StringComparison.Ordinal);
        Assert.Contains("The service keeps the last 2,000; 7 older ones are gone.", record.Markup, StringComparison.Ordinal);
        Assert.Empty(record.FindAll("img"));
        Assert.Equal(["/export/approvals?format=csv", "/export/approvals?format=json"], record.FindAll("a[download]").Select(a => a.GetAttribute("href")));
    }

    [Fact]
    public async Task Decline_TheOnlyServer_NeedsNoChoosing()
    {
        var page = OpenWith("/remediation");
        await ClickAsync(page, "#decide-decline:not([disabled])");

        page.WaitForAssertion(() => Assert.Contains("declined", page.Find(".tft-remedy tbody").TextContent, StringComparison.Ordinal), Eventually.Timeout);
        var decided = Assert.Single(Service.Remediation.Approvals);
        // no name was given: the service says whose key it was
        Assert.Equal(("ppweb0003", "declined", "env"), (decided.Server, decided.Decision, decided.By));
        page.WaitForAssertion(() => Assert.True(page.Find("#decide-approve").HasAttribute("disabled")), Eventually.Timeout);
    }

    [Fact]
    public async Task Decide_SomeRefused_SaysHowManyAndLeavesTheRestChosen()
    {
        Service.Remediation.Refuses = "ppweb0002";
        var page = OpenWith("/remediation?open=memory-ahead.web_api");
        await ChangeAsync(page, ".tft-remedy thead input", true);
        await ClickAsync(page, "#decide-approve:not([disabled])");

        page.WaitForAssertion(() => Assert.Contains("1 kept, 1 not: The disk is &lt;full&gt;.", page.Markup, StringComparison.Ordinal), Eventually.Timeout);
        Assert.Equal("ppweb0001", Assert.Single(Service.Remediation.Approvals).Server);
        Assert.True(page.FindAll(".tft-remedy tbody input")[1].HasAttribute("checked"));
    }

    [Fact]
    public void Service_Away_IsSaid_AndWhatWasThereStays()
    {
        var page = OpenWith("/remediation");
        Service.IsDown = true;
        Service.Publish();
        page.WaitForAssertion(() => Assert.Contains(Strings.NotConnectedHint, page.Markup, StringComparison.Ordinal), Eventually.Timeout);
        Assert.NotEmpty(page.FindAll(".tft-groups li"));
        Assert.Contains(Strings.NotConnectedEmpty, OpenLoaded<RemediationPage>("/remediation").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_ListsThePage() => Assert.Contains(Strings.Remedies, Render<HelpDialog>().Find("tr:has(kbd:contains('r'))").TextContent, StringComparison.Ordinal);

    private IRenderedComponent<RemediationPage> OpenWith(string address)
    {
        Service.Remediation.Suggestions.AddRange([
            Suggest("ppweb0003", "disk-now", level: "critical", lead: 0),
            Suggest("ppweb0001", lead: 30), Suggest("ppweb0002"), Suggest("ppdb0001", profile: "database"), Suggest("tft", "tft-source", "")]);
        return OpenLoaded<RemediationPage>(address);
    }
}
