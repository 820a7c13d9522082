using Bunit;
using Tft.Contract.Servers;
using Tft.Dashboard.Controls;
using Tft.Dashboard.Fleet;
using Tft.Dashboard.Pages;
using Tft.Dashboard.Text;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Pages;

[Trait("Ring", "component")]
public sealed class FleetPageTests : DashboardContext
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    internal override FakeFleet Fleet
    {
        get
        {
            var fleet = FakeFleet.Of(12);
            fleet.Add(new(Hostile, ServerProfile.Generic) { IsFallback = true, MemoryDrift = 3 });
            fleet.Add(new("ppold0001", ServerProfile.Generic) { Age = TimeSpan.FromHours(2) });
            return fleet;
        }
    }

    [Fact]
    public void Render_Fleet_EveryServerIsACell()
    {
        var page = Open<FleetPage>("/");

        Assert.Equal(14, page.FindAll(".tft-cell").Count);
        Assert.Equal(10, page.FindComponent<TopRisks>().FindAll("tbody tr").Count);
        Assert.Equal(4, page.FindAll(".tft-kpi").Count);
        Assert.Contains("14", page.Find(".tft-toolbar").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_HostileName_IsTextEverywhere()
    {
        var page = Open<FleetPage>("/");

        Assert.Empty(page.FindAll("img"));
        Assert.Contains(page.FindComponent<TopRisks>().FindAll("a"), a => a.TextContent == Hostile && a.GetAttribute("href") == "/server?name=%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E");
    }

    [Fact]
    public void Render_StaleServer_IsMarked() =>
        Assert.Contains("ppold0001", Assert.Single(Open<FleetPage>("/").FindAll(".tft-cell.tft-stale")).TextContent, StringComparison.Ordinal);

    [Fact]
    public void Render_Levels_AreColourAndShapeAndWord() =>
        Assert.All(Open<FleetPage>("/").FindComponents<LevelChip>(), chip =>
        {
            Assert.Equal(chip.Instance.Value.Shape(), chip.Find("i").TextContent);
            Assert.Contains(Strings.NameOf(chip.Instance.Value), chip.Find("span").TextContent, StringComparison.Ordinal);
        });

    [Fact]
    public void Live_NewSnapshotWithMoreServers_IsShownWithoutAReload()
    {
        var page = Open<FleetPage>("/");
        Service.Fleet.Add(new("ppnew0001", ServerProfile.Database));

        Service.Publish();

        page.WaitForState(() => page.FindAll(".tft-cell").Count == 15, Eventually.Timeout);
    }

    [Fact]
    public void ServiceGone_LastStateStaysUnderABanner()
    {
        var page = Open<FleetPage>("/");

        Service.IsDown = true;
        Service.Publish();

        page.WaitForState(() => page.Markup.Contains(Strings.NotConnected, StringComparison.Ordinal), Eventually.Timeout);
        Assert.Equal(14, page.FindAll(".tft-cell").Count);
    }
}
