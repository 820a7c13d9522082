using Bunit;
using Tft.Dashboard.Layout;
using Tft.Dashboard.Pages;
using Tft.Dashboard.Text;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;
using static Tft.Tests.Dashboard.Fakes.FakeCascades;

namespace Tft.Tests.Dashboard.Pages;

[Trait("Ring", "component")]
public sealed class CascadePageTests : DashboardContext
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    [Fact]
    public void Nothing_IsSaidWithItsCounts()
    {
        var page = OpenLoaded<CascadePage>("/cascade");
        Assert.Contains(Strings.NothingTogether, page.Markup, StringComparison.Ordinal);
        Assert.Contains("2,500 servers are at watch or worse, now or ahead, the 2,000 worst were looked at; 7 rise within eight hours back and eight ahead, 2 of them alone.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Group_SaysWhoWasFirstAndWhoThen_AndThatItIsNoCause()
    {
        Service.Cascades = Of(Group("ppdb0001", "ppweb0001", "ppweb0002"), Group("ppdb0009", "ppweb0009"));
        var page = OpenLoaded<CascadePage>("/cascade");

        Assert.Equal("The risk of 3 servers rises together, within 10 min. First: ppdb0001 (database) at 07:00, by CPU.", page.Find("#cascade-title").TextContent);
        Assert.Equal(
            ["database: 1 server, first; by CPU I/O wait", "web api: 2 servers, from 5 min after ppdb0001, half of them within 10 min; mostly by Backend CLOSE_WAIT"],
            page.FindAll(".tft-order li").Select(l => l.TextContent), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(Strings.NoDependencies, page.Find("#cascade-dependencies").TextContent);
        Assert.Contains(Strings.GoesTogetherHint, page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("caus", page.Find(".tft-remedy section").TextContent.Replace(Strings.GoesTogetherHint, "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, page.FindAll(".tft-groups li").Count);
    }

    [Fact]
    public void Timeline_HasALineForEachInItsOrder_WithWords()
    {
        Service.Cascades = Of(Group("ppdb0001", "ppweb0001"));
        var page = OpenLoaded<CascadePage>("/cascade");

        var rows = page.FindAll(".tft-timeline-row[role=listitem]");
        Assert.Equal(["ppdb0001", "ppweb0001"], rows.Select(r => r.QuerySelector("a")!.TextContent));
        Assert.Equal(["first", "+5 min"], rows.Select(r => r.QuerySelector("span")!.TextContent));
        Assert.Equal("ppweb0001: rises at 07:05, 5 min after the first, highest risk 90.", rows[1].QuerySelector("svg")!.GetAttribute("aria-label"));
        // warning until now, a gap in it, critical from then on: a level is a height, too
        Assert.Equal(["13", "13", "20"], rows[0].QuerySelectorAll("rect.bar").Select(b => b.GetAttribute("height")));
        Assert.Single(rows[0].QuerySelectorAll("rect.unknown"));
        Assert.Equal("/server?name=ppdb0001&metric=cpu_used_pct", rows[0].QuerySelector("a")!.GetAttribute("href"));
        // from an hour and a half before the first to as long after the last
        var rise = double.Parse(page.FindAll(".tft-timeline .rise")[0].GetAttribute("x1")!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(1000 * 90.0 / 185, rise, 1);
    }

    [Fact]
    public void Table_HasTheNumbers_AndIsInTheAddress()
    {
        Service.Cascades = Of(Group("ppdb0001", Hostile), Group("ppdb0009", "ppweb0009"));
        var page = OpenLoaded<CascadePage>("/cascade?open=ppdb0009&tab=table");
        Assert.Contains("ppdb0009", page.Find("#cascade-title").TextContent, StringComparison.Ordinal);

        page = OpenLoaded<CascadePage>("/cascade?open=nobody&tab=table");
        Assert.Equal(["–", "0.91"], page.FindAll("tbody tr td:nth-child(7)").Select(c => c.TextContent));
        Assert.Equal(["–", "5 min after"], page.FindAll("tbody tr td:nth-child(8)").Select(c => c.TextContent));
        Assert.Equal(["–", "189, 93 measured"], page.FindAll("tbody tr td:nth-child(9)").Select(c => c.TextContent));
        Assert.Contains(Hostile, page.Find("tbody").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("img"));
        Assert.Equal("/cascade?open=ppdb0009&tab=table", page.FindAll(".tft-groups a")[1].GetAttribute("href"));
    }

    [Fact]
    public void Dependencies_AreSaidWhereTheyLieWithin()
    {
        var group = Group("ppdb0001", "ppweb0001", "ppweb0002");
        Service.Cascades = Of(group) with { Dependencies = 4 };
        Assert.Equal(Strings.NoDependencyWithin, OpenLoaded<CascadePage>("/cascade").Find("#cascade-dependencies").TextContent);
        Service.Cascades = Of(group with { Explained = 2, ExplainedBy = [new("ppdb0001", 2)] }) with { Dependencies = 4 };
        Assert.Equal(
            "By the configured dependencies 2 of 3 depend on a member that rose no later: ppdb0001 has 2 dependants in this group.",
            OpenLoaded<CascadePage>("/cascade").Find("#cascade-dependencies").TextContent);
    }

    [Fact]
    public void Service_OlderOrAway_IsSaid_AndWhatWasThereStays()
    {
        Service.Cascades = null;
        Assert.Contains("it may be older than the dashboard", OpenLoaded<CascadePage>("/cascade").Markup, StringComparison.Ordinal);
        Service.Cascades = Of(Group("ppdb0001", "ppweb0001"));
        var page = OpenLoaded<CascadePage>("/cascade");
        Service.IsDown = true;
        Service.Publish();
        page.WaitForAssertion(() => Assert.Contains(Strings.NotConnectedHint, page.Markup, StringComparison.Ordinal), Eventually.Timeout);
        Assert.NotEmpty(page.FindAll(".tft-timeline-row"));
    }

    [Fact]
    public void Help_ListsThePage() => Assert.Contains(Strings.Cascade, Render<HelpDialog>().Find("tr:has(kbd:contains('c'))").TextContent, StringComparison.Ordinal);
}
