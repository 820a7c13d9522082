using System.Text.RegularExpressions;
using Tft.Tests.Dashboard.Fakes;
using static Microsoft.Playwright.Assertions;

namespace Tft.Tests.Dashboard.Browser;

/// <summary>Suggestions and decisions in a browser: key, address, encoding, files.</summary>
[Trait("Ring", "service")]
[Collection(DashboardSite.Collection)]
public sealed class RemediationBrowserTests(DashboardSite site)
{
    [Fact]
    public async Task Decide_IsShownKeptAndInTheFiles()
    {
        await using var window = await site.OpenAsync("/");
        await Expect(window.Page.Locator(".tft-cell").First).ToBeVisibleAsync();
        site.Service.Remediation.Suggestions.AddRange([FakeRemediation.Suggest(DashboardSite.Hostile, "disk-now", level: "critical", lead: 0), FakeRemediation.Suggest("ppweb0001")]);
        await window.Page.Keyboard.PressAsync("r");
        await Expect(window.Page.Locator("#runbook-title")).ToContainTextAsync("Title of disk-now");
        await Expect(window.Page.Locator("h1")).ToBeFocusedAsync();

        await window.Page.Locator("#decide-by").FillAsync("=ana & co");
        await window.Page.Locator("#decide-remark").FillAsync(DashboardSite.Hostile);
        await window.Page.Locator("#decide-approve").ClickAsync();
        await Expect(window.Page.Locator(".tft-remedy tbody")).ToContainTextAsync("approved");

        await window.Page.Locator(".tft-groups a").Nth(1).ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex(@"open=memory-ahead\.web_api"));
        await Expect(window.Page.Locator("#runbook-title")).ToContainTextAsync("Title of memory-ahead");
        await window.Page.Locator("fluent-tab#remedy-record").ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex("tab=record"));
        await Expect(window.Page.Locator("tbody tr")).ToContainTextAsync("=ana & co");
        Assert.DoesNotContain("owned", await window.Page.TitleAsync(), StringComparison.Ordinal);

        // the name is known after a reload
        await window.GoAsync($"{site.Address}/remediation");
        await Expect(window.Page.Locator("#decide-by")).ToHaveValueAsync("=ana & co");
        var csv = await (await window.Page.APIRequest.GetAsync(site.Address + "/export/approvals?format=csv")).TextAsync();
        Assert.StartsWith("at,by,decision,server,profile,runbook,title,metric,level,lead_minutes,reason,remark,id", csv, StringComparison.Ordinal);
        Assert.Contains(",'=ana & co,approved,", csv, StringComparison.Ordinal);
        var json = await window.Page.APIRequest.GetAsync(site.Address + "/export/suggestions?format=json");
        Assert.Contains("\"runbook\":\"disk-now\"", await json.TextAsync(), StringComparison.Ordinal);
        Assert.Empty(window.Errors);
    }
}
